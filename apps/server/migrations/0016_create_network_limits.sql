-- What card networks forbid, per card fingerprint and acceptor (merchant account).
create table network_blocks (
  account_id text collate "C" not null,
  id text collate "C" not null,
  scope text not null check (scope in ('card', 'amount', 'recurring', 'recurring_all', 'wait')),
  fingerprint text collate "C" not null,
  -- of scope amount
  amount_minor bigint,
  currency text,
  -- test mode: one block per tracking reference, so that tests do not disturb each other
  test_key text not null,
  payment_id text collate "C" not null,
  attempt_number integer not null,
  reason text not null,
  -- null = until an operator lifts it
  ends_at timestamptz,
  lifted_at timestamptz,
  lifted_by text,
  lifted_because text,
  created_at timestamptz not null,
  primary key (account_id, id)
);
create index network_blocks_card on network_blocks (account_id, fingerprint) where lifted_at is null;
-- a cardholder's revocation holds at every acceptor
create index network_blocks_everywhere on network_blocks (fingerprint) where scope = 'recurring_all' and lifted_at is null;

-- One row per attempt that counts towards a ceiling of its network.
create table network_counts (
  account_id text collate "C" not null,
  fingerprint text collate "C" not null,
  attempt_id text collate "C" not null,
  network text not null,
  amount_minor bigint not null,
  currency text not null,
  test_key text not null,
  -- an attempt whose result is not known counts until it is
  open boolean not null,
  counted_at timestamptz not null,
  primary key (account_id, fingerprint, attempt_id)
);
create index network_counts_time on network_counts using brin (counted_at);
