-- Appeals: a payer says that he paid although the payment did not succeed, or that he sent another amount.
-- Amounts in minor units of the payment currency, unless a comment says otherwise.
create table appeals (
  account_id text collate "C" not null,
  id text collate "C" not null,
  version integer not null default 1,
  payment_id text collate "C" not null,
  attempt_id text collate "C" not null,
  attempt_number integer not null,
  provider_id text collate "C" not null references providers (id),
  gateway_id integer not null,
  test_mode boolean not null,
  number smallint not null check (number between 1 and 3),
  state text not null check (state in ('opened', 'submitted', 'accepted', 'rejected', 'arbitration', 'confirmed', 'cancelled')),
  reason text not null check (reason in ('not_credited', 'wrong_amount')),
  currency text not null,
  original_minor bigint not null check (original_minor > 0),
  amount_minor bigint not null check (amount_minor > 0 and amount_minor <= 10 * original_minor),
  -- settlement currency
  settlement_minor bigint not null,
  freeze_minor bigint not null,
  comment text not null,
  receipt_id text collate "C" not null,
  opened_side text not null check (opened_side in ('merchant', 'payer', 'operator')),
  opened_by text not null,
  -- the provider's ids of the payment and of the appeal
  payment_reference text not null,
  appeal_reference text,
  opened_at timestamptz not null,
  submitted_at timestamptz,
  verdict_at timestamptz,
  arbitration_at timestamptz,
  closed_at timestamptz,
  updated_at timestamptz not null,
  promised_at timestamptz not null,
  deadline_at timestamptz,
  remind_at timestamptz,
  -- when success of the payment itself is looked for
  check_at timestamptz,
  -- what the provider's endpoint is still to be told
  send text check (send in ('create', 'confirm', 'cancel')),
  send_at timestamptz,
  send_tries smallint not null default 0,
  create_undelivered boolean not null default false,
  close_undelivered boolean not null default false,
  refused_text text,
  rejection text check (rejection in
    ('payment_not_found', 'amount_differs', 'wrong_requisites', 'already_credited', 'receipt_invalid', 'other')),
  rejection_text text,
  amount_seen_minor bigint check (amount_seen_minor > 0),
  -- the first of two operators who confirm against a rejection
  confirm_proposed_by text,
  decided_by text,
  close_note text check (close_note in
    ('accepted', 'decided', 'withdrawn', 'not_contested', 'amount_accepted', 'resolved_by_success')),
  -- an appeal in arbitration waits for a person, however late he is
  due_at timestamptz generated always as
    (least(send_at, remind_at, check_at, case when state <> 'arbitration' then deadline_at end)) stored,
  leased_until timestamptz,
  primary key (account_id, id),
  unique (account_id, payment_id, number),
  check ((closed_at is null) = (state not in ('confirmed', 'cancelled'))),
  check ((close_note is null) = (closed_at is null)),
  check (rejection is distinct from 'amount_differs' or amount_seen_minor is not null),
  check (decided_by is distinct from confirm_proposed_by or decided_by is null or state <> 'confirmed')
);
create unique index appeals_open on appeals (account_id, payment_id) where closed_at is null;
create index appeals_id on appeals (id);
create index appeals_attempt on appeals (attempt_id);
create index appeals_provider on appeals (provider_id, test_mode, opened_at desc, id desc);
create index appeals_waiting on appeals (provider_id, test_mode, deadline_at) where closed_at is null;
create index appeals_due on appeals (due_at) where due_at is not null;

create or replace function refuse_wrong_appeal_transition() returns trigger language plpgsql as $function$
begin
  if (old.state, new.state) not in (
    ('opened', 'submitted'), ('opened', 'arbitration'), ('opened', 'cancelled'),
    ('submitted', 'accepted'), ('submitted', 'rejected'), ('submitted', 'arbitration'), ('submitted', 'cancelled'),
    ('accepted', 'confirmed'), ('accepted', 'cancelled'),
    ('rejected', 'arbitration'), ('rejected', 'cancelled'),
    ('arbitration', 'confirmed'), ('arbitration', 'cancelled')
  ) then
    raise exception 'appeal % may not go from % to %', new.id, old.state, new.state using errcode = 'check_violation';
  end if;
  return new;
end $function$;
create trigger appeals_transition before update of state on appeals
  for each row when (old.state is distinct from new.state) execute function refuse_wrong_appeal_transition();

-- The audit: every step, also those that leave the state as it is.
create table appeal_steps (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  -- the appeal's version that the step led to
  number integer not null,
  act text not null,
  from_state text,
  to_state text not null,
  side text not null check (side in ('merchant', 'payer', 'provider', 'operator', 'system')),
  by_name text not null,
  ip text,
  detail text,
  at timestamptz not null,
  primary key (account_id, appeal_id, number)
);

create table appeal_messages (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  id text collate "C" not null,
  side text not null check (side in ('merchant', 'payer', 'provider', 'operator', 'system')),
  author text not null,
  kind text not null check (kind in ('message', 'verdict', 'contest', 'decision')),
  -- read by its own side only
  internal boolean not null,
  text text not null,
  ip text,
  created_at timestamptz not null,
  primary key (account_id, appeal_id, id)
);

-- What payers and providers hand in as proof. The bytes are personal data: encrypted, and deleted a year after the appeal closed.
create table receipts (
  account_id text collate "C" not null,
  appeal_id text collate "C" not null,
  id text collate "C" not null,
  -- the message it came with; null = the receipt the appeal was opened with
  message_id text collate "C",
  name text not null,
  type text not null check (type in ('pdf', 'jpg', 'png')),
  size_bytes integer not null check (size_bytes between 1 and 10485760),
  sha256 bytea not null,
  -- null = deleted
  content_encrypted bytea,
  side text not null check (side in ('merchant', 'payer', 'provider', 'operator')),
  created_at timestamptz not null,
  deleted_at timestamptz,
  primary key (account_id, appeal_id, id)
);
-- they are encrypted: to try to compress them would be work for nothing
alter table receipts alter column content_encrypted set storage external;
create unique index receipts_id on receipts (id);
create index receipts_kept on receipts (created_at) where deleted_at is null;

create table receipt_fetches (
  receipt_id text collate "C" not null,
  at timestamptz not null,
  ip text not null,
  -- 'link' = the signed address, 'desk' = the provider's dashboard
  way text not null check (way in ('link', 'desk'))
);
create index receipt_fetches_receipt on receipt_fetches (receipt_id, at);
