-- Cascade providers: businesses that take payments against a balance they have paid in before. Their books are ledger accounts
-- whose account_id is the provider's own id; nothing there crosses to a merchant's books. Amounts in settlement minor units,
-- unless a comment says otherwise.
create table providers (
  id text collate "C" primary key,
  name text not null,
  settlement_currency text not null check (settlement_currency ~ '^[A-Z0-9]{3,10}$'),
  -- decimals of the settlement currency in this provider's books
  settlement_scale smallint not null check (settlement_scale between 0 and 12),
  low_balance_alert_minor bigint not null default 0 check (low_balance_alert_minor >= 0),
  active boolean not null default true,
  -- no new payments; everything open goes on
  draining boolean not null default false,
  created_at timestamptz not null,
  updated_at timestamptz not null
);

-- Which gateways are endpoints of which provider.
create table provider_connections (
  gateway_id integer primary key references gateways (gateway_id),
  provider_id text collate "C" not null references providers (id)
);
create index provider_connections_provider on provider_connections (provider_id);

-- What a provider payment (one attempt) does to the balance. Every row is changed by "update … where state …" in the statement
-- that books the change, so an event counts once and two of them never mix.
create table provider_settlements (
  provider_id text collate "C" not null references providers (id),
  attempt_id text collate "C" not null,
  -- the merchant's payment
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  test_mode boolean not null,
  -- settlement currency
  currency text not null,
  payment_currency text not null,
  payment_amount_minor bigint not null check (payment_amount_minor > 0),
  -- units of the payment currency for one of the settlement currency, as it was sent; for the life of the payment
  rate numeric(30, 12) not null check (rate > 0),
  settlement_minor bigint not null check (settlement_minor > 0),
  state text not null check (state in ('held', 'released', 'debited')),
  hold_id text collate "C" not null,
  -- null = the hold is open; else 'release', 'debit' or the id of the appeal that ended it
  hold_end text collate "C",
  -- what the provider has paid for this payment in all: the first debit, corrected by confirmed appeals
  debited_minor bigint not null default 0 check (debited_minor >= 0),
  previous_debit_minor bigint not null default 0,
  first_debit text check (first_debit in ('success', 'late_success', 'appeal')),
  -- the newest appeal, its amount and what is frozen for it: at first, and when the hold ended under it
  appeal_id text collate "C",
  appeal_open boolean not null default false,
  appeal_minor bigint check (appeal_minor > 0),
  freeze_id text collate "C",
  freeze_minor bigint not null default 0 check (freeze_minor >= 0),
  moved_id text collate "C",
  moved_minor bigint not null default 0 check (moved_minor >= 0),
  debited_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider_id, attempt_id),
  check ((state = 'held') = (hold_end is null)),
  check ((state = 'debited') = (first_debit is not null))
);
create index provider_settlements_debited on provider_settlements (provider_id, debited_at) where debited_at is not null;

create table provider_top_ups (
  provider_id text collate "C" not null references providers (id),
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  -- what the provider wrote on the transfer
  reference text not null,
  status text not null check (status in ('created', 'confirmed', 'rejected', 'cancelled')),
  ordered_by text not null,
  decided_by text,
  note text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider_id, id)
);

-- Where a provider may have money sent. The address is encrypted; a new one waits before it can be used.
create table provider_destinations (
  provider_id text collate "C" not null references providers (id),
  id text collate "C" not null,
  label text not null,
  address_encrypted bytea not null,
  saved_by text not null,
  created_at timestamptz not null,
  removed_at timestamptz,
  primary key (provider_id, id)
);

create table provider_withdrawals (
  provider_id text collate "C" not null references providers (id),
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  destination_id text collate "C" not null,
  status text not null check (status in ('requested', 'approved', 'paid', 'rejected', 'cancelled')),
  hold_id text collate "C" not null,
  requested_by text not null,
  approved_by text check (approved_by <> requested_by),
  ended_by text,
  note text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider_id, id),
  foreign key (provider_id, destination_id) references provider_destinations (provider_id, id)
);

-- How far down each balance has been reported, so that a crossing is told once whatever the number of processes.
create table provider_alarms (
  provider_id text collate "C" not null references providers (id),
  test_mode boolean not null,
  level text not null check (level in ('fine', 'low', 'empty', 'overdrawn')),
  changed_at timestamptz not null,
  primary key (provider_id, test_mode)
);
