-- Cards a payer agreed to have kept. The number is not here: a token stands for a card at the gateway that took it.
create table card_tokens (
  account_id text collate "C" not null,
  -- what the merchant knows it by
  token text collate "C" not null,
  test_mode boolean not null,
  customer_id text collate "C",
  gateway_id integer not null,
  provider_token_encrypted bytea not null,
  -- first six, last four, brand, expiry
  card json not null,
  -- end of the card's last month
  expires_at timestamptz not null,
  created_at timestamptz not null,
  primary key (account_id, token)
);

-- The token a payment is to be paid with.
alter table payments add column card_token text collate "C";
