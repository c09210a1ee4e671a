-- Payment invoices, the attempts made for them, the reasons of every routing choice, refunds.
create table payments (
  account_id text collate "C" not null,
  id text collate "C" not null,
  -- rises with every change of state; a writer names the version it decided on
  version integer not null default 1,
  reference_id text not null,
  test_mode boolean not null,
  status text not null,
  resolution text not null default 'ok',
  payment_flow text not null check (payment_flow in ('charge', 'verify')),
  source text not null,
  amount_minor bigint not null check (amount_minor > 0),
  currency text not null,
  payment_amount_minor bigint not null check (payment_amount_minor >= 0),
  fee_minor bigint not null,
  deposit_minor bigint not null,
  -- fee and reserve terms the invoice was planned with
  terms json not null,
  service text,
  service_method text,
  service_flow text,
  service_currency text,
  -- amounts in minor units of service_currency: what the payer is asked to pay
  service_amount_minor bigint,
  payment_service_amount_minor bigint,
  exchange_rate numeric(30, 12),
  service_fields json not null default '{}',
  processed_at timestamptz,
  processed_amount_minor bigint,
  processed_fee_minor bigint,
  processed_deposit_minor bigint,
  refunded_amount_minor bigint,
  refunded_fee_minor bigint,
  refunded_at timestamptz,
  charged_back_amount_minor bigint,
  reserved_amount_minor bigint,
  reserve_expires_at timestamptz,
  unreserved boolean,
  metadata json,
  description text,
  descriptor text,
  customer_id text,
  customer json,
  callback_url text,
  return_url text,
  return_urls json,
  gateway_options json,
  options json,
  session_id text collate "C",
  flow_data json,
  payload json,
  original_data json not null,
  rrn text,
  approval_code text,
  -- payment level of the public view: invoked, authorize_required, processed, process_failed, revoked, refunded
  payment_status text,
  payer_acted_at timestamptz,
  submitted_at timestamptz,
  -- how often the payer's details were submitted, and how many routing runs were made
  submissions integer not null default 0,
  routing_runs integer not null default 0,
  scheme_version text,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  expires_at timestamptz not null,
  -- when a worker must look at this payment again; null = nothing left to do
  due_at timestamptz,
  leased_until timestamptz,
  primary key (account_id, id),
  constraint payments_reference unique (account_id, test_mode, reference_id),
  constraint payments_processed_within_amount check (
    processed_amount_minor is null or processed_amount_minor = processed_fee_minor + processed_deposit_minor + coalesce(reserved_amount_minor, 0)
  ),
  constraint payments_refunded_within_processed check (coalesce(refunded_amount_minor, 0) <= coalesce(processed_amount_minor, 0))
) with (fillfactor = 80);
-- the public API and provider events know a payment by its id alone
create index payments_id on payments (id);
create index payments_due on payments (due_at) where due_at is not null;
create index payments_customer on payments (account_id, customer_id, id) where customer_id is not null;

create table attempts (
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  number integer not null check (number > 0),
  -- also the idempotency key towards the provider
  id text collate "C" not null,
  gateway_id integer not null,
  connector text not null,
  -- what the provider knows it by: {payment serial}-{number}
  reference text not null,
  test_mode boolean not null,
  status text not null check (status in ('sent', 'incomplete', 'unknown', 'approved', 'declined', 'not_sent', 'expired', 'cancelled', 'reversed')),
  amount_minor bigint not null,
  currency text not null,
  winner boolean not null default false,
  late_approval boolean not null default false,
  approved_amount_minor bigint,
  class text,
  signals json,
  resolution text,
  provider_reference text,
  action json,
  detail text,
  -- code of the hop decision taken when this attempt was decided
  decision text,
  reversal_status text check (reversal_status in ('needed', 'sent', 'unknown', 'done', 'failed')),
  lookups integer not null default 0,
  not_found_count integer not null default 0,
  not_found_at timestamptz,
  sent_at timestamptz not null,
  decided_at timestamptz,
  -- no foreign key: an attempt is only ever written by the statement that changes its payment
  primary key (account_id, payment_id, number)
) with (fillfactor = 80);
create unique index attempts_one_undecided on attempts (account_id, payment_id) where status in ('sent', 'incomplete', 'unknown');
create unique index attempts_one_winner on attempts (account_id, payment_id) where winner;

create function refuse_wrong_attempt_transition() returns trigger language plpgsql as $$
begin
  if (old.status, new.status) not in (
    ('sent', 'approved'), ('sent', 'declined'), ('sent', 'not_sent'), ('sent', 'incomplete'), ('sent', 'unknown'), ('sent', 'expired'), ('sent', 'cancelled'),
    ('incomplete', 'approved'), ('incomplete', 'declined'), ('incomplete', 'unknown'), ('incomplete', 'expired'), ('incomplete', 'cancelled'),
    ('unknown', 'approved'), ('unknown', 'declined'), ('unknown', 'not_sent'), ('unknown', 'reversed'),
    ('approved', 'reversed')
  ) then
    raise exception 'attempt % may not go from % to %', new.id, old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $$;
create trigger attempts_transition before update of status on attempts
  for each row when (old.status is distinct from new.status) execute function refuse_wrong_attempt_transition();

-- Why each route was taken or dropped; written once per routing run.
create table routing_runs (
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  run integer not null check (run > 0),
  record json not null,
  created_at timestamptz not null,
  primary key (account_id, payment_id, run)
);

create table refunds (
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  id text collate "C" not null,
  version integer not null default 1,
  reference_id text not null,
  amount_minor bigint not null check (amount_minor > 0),
  returned_fee_minor bigint not null default 0 check (returned_fee_minor >= 0),
  currency text not null,
  -- what is asked of the provider, in minor units of the currency the payer paid in
  provider_amount_minor bigint not null check (provider_amount_minor > 0),
  provider_currency text not null,
  description text,
  status text not null check (status in ('sent', 'unknown', 'done', 'failed')),
  resolution text not null default 'ok',
  gateway_id integer not null,
  attempt_number integer not null,
  provider_reference text,
  detail text,
  lookups integer not null default 0,
  created_at timestamptz not null,
  decided_at timestamptz,
  due_at timestamptz,
  leased_until timestamptz,
  primary key (account_id, payment_id, id),
  unique (account_id, payment_id, reference_id)
);
create unique index refunds_one_undecided on refunds (account_id, payment_id) where status in ('sent', 'unknown');
create index refunds_due on refunds (due_at) where due_at is not null;
