-- What card networks forbid, per card fingerprint and acceptor (merchant account).
create table network_blocks (
  account_id text collate "C" not null,
  -- {attempt}.{scope}: news that comes twice sets it once
  id text collate "C" not null,
  scope text not null check (scope in ('card', 'amount', 'recurring', 'recurring_all', 'wait')),
  fingerprint text collate "C" not null,
  -- of the attempt; they matter to scope amount
  amount_minor bigint not null,
  currency text not null,
  -- test mode: one block per tracking reference, so that tests do not disturb each other
  test_key text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_number integer not null,
  -- the code that says so
  reason text not null,
  -- null = until an operator lifts it
  ends_at timestamptz,
  lifted_at timestamptz,
  lifted_by text,
  lifted_because text,
  created_at timestamptz not null,
  primary key (account_id, id),
  check ((lifted_at is null) = (lifted_by is null) and (lifted_at is null) = (lifted_because is null))
);
create index network_blocks_card on network_blocks (account_id, fingerprint);
-- a cardholder's revocation holds at every acceptor
create index network_blocks_everywhere on network_blocks (fingerprint) where scope = 'recurring_all';

-- One row per attempt with a card. Whoever starts one takes the number after the last he knows of; of two at once one is
-- refused and looks again, so no attempt is made on a count that is no longer true.
create table network_counts (
  account_id text collate "C" not null,
  fingerprint text collate "C" not null,
  test_key text collate "C" not null,
  seq integer not null check (seq > 0),
  attempt_id text collate "C" not null,
  network text not null,
  amount_minor bigint not null,
  currency text not null,
  -- open: the result is not known, and counts until it is. free: does not count
  state text not null check (state in ('open', 'declined', 'free')),
  counted_at timestamptz not null,
  primary key (account_id, fingerprint, test_key, seq)
) with (fillfactor = 80);
create index network_counts_time on network_counts using brin (counted_at);

-- the card behind a token is the same card
alter table card_tokens add column fingerprint text collate "C";

-- Settings of the cascade beside those of schemes and rules. The highest version of an owner holds; none is ever changed.
create table cascade_settings (
  -- 'platform', a merchant account, or the number of a gateway
  owner text collate "C" not null,
  version integer not null check (version > 0),
  settings json not null,
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (owner, version)
);
