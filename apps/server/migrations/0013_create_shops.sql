-- Credentials of the Card API. A merchant account may have many; shop_id is unique in the installation and never used again.
create sequence shop_ids start 1001;
create table shops (
  account_id text collate "C" not null,
  shop_id integer not null check (shop_id > 0),
  name text not null,
  active boolean not null default true,
  secret_hash bytea not null,
  -- notifications carry it as Basic credentials
  secret_encrypted bytea not null,
  -- RSA 2048; signs notifications. PKCS #8 DER.
  private_key_encrypted bytea not null,
  -- base64 of the DER SubjectPublicKeyInfo, one line
  public_key text not null,
  settings json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, shop_id)
);
-- a request knows only the shop_id
create index shops_id on shops (shop_id);

-- What a callback event is signed with and how it is repeated: the merchant API's own way, or the Card API's for a shop.
alter table callback_events add column shop_id integer;
-- the first of what the receiver answered, for whoever looks for the mistake
alter table callback_attempts add column response_text text;
