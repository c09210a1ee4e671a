-- Requisites in the payments engine: an attempt at a gateway whose provider names where the payer is to transfer.

-- Nobody knows what became of the request, and the payer has seen nothing: another provider may be asked.
alter table attempts drop constraint attempts_status_check;
alter table attempts add constraint attempts_status_check check (status in
  ('sent', 'incomplete', 'unknown', 'orphaned', 'approved', 'declined', 'not_sent', 'expired', 'cancelled', 'reversed'));

create or replace function refuse_wrong_attempt_transition() returns trigger language plpgsql as $function$
begin
  if (old.status, new.status) not in (
    ('sent', 'approved'), ('sent', 'declined'), ('sent', 'not_sent'), ('sent', 'incomplete'), ('sent', 'unknown'), ('sent', 'orphaned'), ('sent', 'expired'), ('sent', 'cancelled'),
    ('incomplete', 'approved'), ('incomplete', 'declined'), ('incomplete', 'unknown'), ('incomplete', 'expired'), ('incomplete', 'cancelled'),
    ('unknown', 'approved'), ('unknown', 'declined'), ('unknown', 'not_sent'), ('unknown', 'reversed'),
    ('approved', 'reversed')
  ) then
    raise exception 'attempt % may not go from % to %', new.id, old.status, new.status using errcode = 'check_violation';
  end if;
  return new;
end $function$;

-- What is agreed about one endpoint of a provider, beside the credentials of its gateway.
alter table provider_connections
  add column finalise_grace_s smallint not null default 90 check (finalise_grace_s between 0 and 110),
  add column supports_idempotency_key boolean not null default false,
  add column request_gap_ms integer not null default 0 check (request_gap_ms >= 0),
  -- whose reference rate is sent on; null = settlement and payment currency are the same
  add column rate_source text,
  add column rate_margin_percent numeric(8, 4) not null default 0 check (rate_margin_percent > -100),
  -- by requisite method: amounts of one payment and of a day as decimal text in major units, payments of a day
  add column limits json not null default '{}',
  -- key or endpoint were found wrong: nothing new is asked for until a test of the endpoint passes
  add column misconfigured_at timestamptz,
  add column misconfigured_reason text,
  -- settings that wait for a passed test: endpoint and key, encrypted as the gateway's credentials are
  add column pending_encrypted bytea,
  add column pending_at timestamptz,
  add column pending_by text,
  add column updated_at timestamptz;

-- Reference rates that are sent on to providers: units of to_currency for one of from_currency.
create table provider_rates (
  source text not null,
  from_currency text not null,
  to_currency text not null,
  rate numeric(30, 12) not null check (rate > 0),
  -- null = agreed for good; else it is used for ten minutes from then on
  as_of timestamptz,
  primary key (source, from_currency, to_currency)
);

-- Where a provider need not be asked for a while: it said so, or refused just that.
create table connection_pauses (
  gateway_id integer not null references gateways (gateway_id),
  scope text not null check (scope in ('gateway', 'amount', 'method', 'currency')),
  -- minor units with currency, method or currency; '' for the whole gateway
  value text not null,
  until timestamptz not null,
  primary key (gateway_id, scope, value)
);

-- One attempt at a provider that gives requisites. Written in the commits that change the attempt and the balance.
create table provider_payments (
  account_id text collate "C" not null,
  attempt_id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_number integer not null,
  provider_id text collate "C" not null references providers (id),
  gateway_id integer not null,
  test_mode boolean not null,
  method text not null check (method in ('card', 'sbp', 'account')),
  state text not null check (state in
    ('requested', 'issued', 'success', 'refused', 'violation', 'not_sent', 'unknown', 'failed', 'expired', 'cancelled')),
  currency text not null,
  amount_minor bigint not null check (amount_minor > 0),
  -- units of the payment currency for one of the settlement currency, as it was sent
  rate numeric(30, 12) not null,
  settlement_minor bigint not null,
  -- the provider's id of the payment
  provider_reference text,
  bank text,
  -- owner and number; erased after 90 days, the masks stay
  requisites_encrypted bytea,
  owner_mask text,
  number_mask text,
  -- why none were given, and what the provider said, with long numbers cut
  reason text,
  reason_text text,
  answer_ms integer,
  requested_at timestamptz not null,
  issued_at timestamptz,
  -- the payer must not transfer any more from then on
  expires_at timestamptz,
  -- the last regular question; what is not paid then is over
  finalise_at timestamptz,
  ended_at timestamptz,
  paid_at timestamptz,
  -- the payer said that he has paid
  claimed_at timestamptz,
  -- paid after its end
  late boolean not null default false,
  -- an order that nobody will pay: its id was learned too late, or its requisites were unusable
  orphan boolean not null default false,
  -- when it is to be asked about, and when its cancellation is to be sent
  poll_at timestamptz,
  polls integer not null default 0,
  poll_errors integer not null default 0,
  not_found_since timestamptz,
  polled_at timestamptz,
  cancel_at timestamptz,
  cancel_tries integer not null default 0,
  cancel_status text check (cancel_status in ('needed', 'delivered', 'declined', 'undelivered')),
  due_at timestamptz generated always as (least(poll_at, cancel_at)) stored,
  leased_until timestamptz,
  primary key (account_id, attempt_id)
);
create unique index provider_payments_reference on provider_payments (provider_id, test_mode, provider_reference)
  where provider_reference is not null and not orphan;
create index provider_payments_payment on provider_payments (account_id, payment_id);
create index provider_payments_history on provider_payments (provider_id, test_mode, requested_at desc, attempt_id desc);
-- what was asked for today, for the limits of a connection
create index provider_payments_day on provider_payments (gateway_id, requested_at);
create index provider_payments_due on provider_payments (due_at) where due_at is not null;

-- Every call of a provider's endpoint, with masked bodies.
create table provider_calls (
  id text collate "C" primary key,
  provider_id text collate "C" not null,
  gateway_id integer not null,
  -- null = a test of the endpoint
  attempt_id text collate "C",
  event text not null,
  at timestamptz not null,
  ms integer not null,
  -- null = no answer
  http_status smallint,
  request json not null,
  answer text,
  reading text not null
);
create index provider_calls_attempt on provider_calls (attempt_id) where attempt_id is not null;
create index provider_calls_age on provider_calls using brin (at);

-- What a person has to look at.
create table provider_cases (
  id text collate "C" primary key,
  provider_id text collate "C" not null references providers (id),
  account_id text collate "C" not null,
  payment_id text collate "C" not null,
  attempt_id text collate "C" not null,
  kind text not null check (kind in ('unexpected_appeal', 'provider_lost_payment', 'status_regression', 'late_success', 'double_success',
    'orphan_success', 'appeal_close_refused', 'appeal_on_terminated', 'duplicate_reference', 'cancel_undelivered')),
  detail text not null,
  opened_at timestamptz not null,
  closed_at timestamptz,
  closed_by text,
  note text,
  unique (attempt_id, kind)
);
create index provider_cases_open on provider_cases (provider_id, opened_at) where closed_at is null;

-- How often a connection was left out of a choice, and why, by the hour.
create table connection_skips (
  gateway_id integer not null,
  reason text not null,
  hour timestamptz not null,
  payments integer not null,
  primary key (gateway_id, reason, hour)
);
