-- What we tell merchants: one row per event, written by the transaction that made it true.
create table callback_events (
  account_id text collate "C" not null,
  id text collate "C" not null,
  -- the payment or payout the event tells of
  subject_id text collate "C" not null,
  test_mode boolean not null,
  url text not null,
  -- sent unchanged on every attempt; null after the retention time
  body text,
  -- status of the subject in this event, and the second it was queued in (key of callback_logs)
  subject_status text not null,
  log_second bigint not null,
  status text not null default 'queued' check (status in ('queued', 'done', 'failed')),
  attempts integer not null default 0,
  response_code integer,
  processed_at timestamptz,
  created_at timestamptz not null,
  due_at timestamptz,
  leased_until timestamptz,
  primary key (account_id, id)
) with (fillfactor = 80);
create index callback_events_subject on callback_events (account_id, subject_id);
create index callback_events_due on callback_events (due_at) where due_at is not null;

create table callback_attempts (
  account_id text collate "C" not null,
  event_id text collate "C" not null,
  number integer not null check (number > 0),
  url text not null,
  response_code integer,
  error text,
  duration_ms integer not null,
  manual boolean not null default false,
  created_at timestamptz not null,
  primary key (account_id, event_id, number)
);
