-- What operators decide about money that no rule has a place for. Each row is written in the commit that moves the money, and the
-- books are proven against it.

-- Unallocated receipts: a payer's money that is nobody's sale goes to its merchant, or back.
create table receipt_decisions (
  account_id text collate "C" not null,
  id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_id text collate "C" not null,
  attempt_number integer not null,
  provider_id text collate "C" not null references providers (id),
  -- an appeal may bring more for an attempt that was decided about
  number smallint not null check (number > 0),
  -- won = its payment was paid by it after all; beside = credited beside a payment that takes no money any more;
  -- returned = to the payer, outside the platform
  kind text not null check (kind in ('won', 'beside', 'returned')),
  -- what left unallocated receipts, in the currency the payer paid in
  amount_minor bigint not null check (amount_minor > 0),
  -- beside: what the merchant was credited, and the fee of it, in the invoice's currency
  credit_minor bigint not null default 0 check (credit_minor >= 0),
  fee_minor bigint not null default 0 check (fee_minor >= 0),
  -- returned: what names the transfer where it was made
  outside_reference text,
  decided_by text not null,
  comment text not null,
  created_at timestamptz not null,
  primary key (account_id, id),
  unique (account_id, attempt_id, number),
  check ((kind = 'returned') = (outside_reference is not null)),
  check (kind = 'beside' or (credit_minor, fee_minor) = (0, 0))
);
create index receipt_decisions_payment on receipt_decisions (account_id, payment_id);

-- A provider's balance changed by hand: one operator asks, another one approves. Settlement minor units.
create table provider_corrections (
  provider_id text collate "C" not null references providers (id),
  id text collate "C" not null,
  test_mode boolean not null,
  currency text not null,
  -- above zero = the provider gets it
  change_minor bigint not null check (change_minor <> 0),
  reason text not null,
  status text not null check (status in ('requested', 'approved', 'rejected')),
  requested_by text not null,
  decided_by text,
  note text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  primary key (provider_id, id),
  check ((status = 'requested') = (decided_by is null)),
  check (status <> 'approved' or decided_by <> requested_by)
);

-- Who saw the full owner and number of requisites, and why; written before they are shown.
create table requisites_views (
  account_id text collate "C" not null,
  attempt_id text collate "C" not null,
  at timestamptz not null,
  by_name text not null,
  reason text not null,
  -- nothing was left to be seen
  erased boolean not null
);
create index requisites_views_attempt on requisites_views (account_id, attempt_id, at);
