-- The Card API's face of payments and of what is done with them afterwards. What is decided stands in payments, attempts and
-- operations; here is what the request said, and what finds it again.
create table card_transactions (
  account_id text collate "C" not null,
  -- UUID, version 7: sorts by time
  uid text collate "C" not null,
  shop_id integer not null,
  type text not null check (type in ('payment', 'authorization', 'capture', 'void', 'refund')),
  payment_id text collate "C" not null,
  -- capture, void, refund: the operation it is
  operation_id text collate "C",
  parent_uid text collate "C",
  tracking_id text,
  api_version smallint not null check (api_version in (2, 3)),
  -- first uid of its merchant-driven cascade
  binding_id text collate "C",
  cascade_mode text not null check (cascade_mode in ('none', 'merchant', 'automatic')),
  -- keyed hash of shop and card number, hex
  stamp text,
  -- what of the request is shown again; no card number, no security code
  request json not null,
  created_at timestamptz not null,
  primary key (account_id, uid)
);
create unique index card_transactions_parent on card_transactions (account_id, payment_id) where operation_id is null;
create unique index card_transactions_operation on card_transactions (account_id, operation_id) where operation_id is not null;
-- a payer's browser knows only the uid
create index card_transactions_uid on card_transactions (uid);
create index card_transactions_tracking on card_transactions (account_id, shop_id, tracking_id, uid) where tracking_id is not null;
create index card_transactions_tracking_parts on card_transactions using gin (string_to_array(tracking_id, ';')) where tracking_id like '%;%';
-- payments with one card, newest last: chains are found by it
create index card_transactions_stamp on card_transactions (account_id, stamp, uid) where stamp is not null;

-- The newest transaction of each kind of likeness: equal amount and card (duplicate check), equal chain. Whoever adds one must
-- name the one it knows of, so of two at once one is refused.
create table card_latest (
  account_id text collate "C" not null,
  -- hash of what is alike, hex
  likeness text collate "C" not null,
  uid text collate "C" not null,
  created_at timestamptz not null,
  primary key (account_id, likeness)
) with (fillfactor = 80);
create index card_latest_created on card_latest using brin (created_at);

-- RequestID headers and what they made.
create table card_request_ids (
  account_id text collate "C" not null,
  shop_id integer not null,
  path text not null,
  request_id text not null,
  body_hash bytea not null,
  -- transaction, or card token
  made text collate "C" not null,
  created_at timestamptz not null,
  primary key (account_id, shop_id, path, request_id)
);
create index card_request_ids_created on card_request_ids using brin (created_at);

-- Cards kept for merchants of the Card API. The number is encrypted with a key outside the database; security codes are never kept.
create table vault_cards (
  account_id text collate "C" not null,
  token text collate "C" not null,
  number_encrypted bytea not null,
  fingerprint text collate "C" not null,
  holder text not null,
  exp_month integer not null check (exp_month between 1 and 12),
  exp_year integer not null,
  contract json not null,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (account_id, token)
);
