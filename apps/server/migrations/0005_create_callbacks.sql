-- What we tell merchants: one row per event, written by the statement that made it true.
create table callback_events (
  account_id text collate "C" not null,
  id text collate "C" not null,
  -- the payment or payout the event tells of
  subject_id text collate "C" not null,
  test_mode boolean not null,
  url text not null,
  -- scheme, host and port of the url: what gets slow or dies together
  origin text not null,
  -- sent unchanged on every attempt; null after the retention time
  body text,
  -- status of the subject in this event
  subject_status text not null,
  status text not null default 'queued' check (status in ('queued', 'done', 'failed')),
  attempts integer not null default 0,
  manual_attempts integer not null default 0,
  response_code integer,
  processed_at timestamptz,
  created_at timestamptz not null,
  due_at timestamptz,
  leased_until timestamptz,
  -- waits in the line of its origin, not in front of events for others: failed before, or its origin has enough in hand
  in_line boolean not null default false,
  -- sent once more by hand, whatever its status; no retries follow
  resend boolean not null default false,
  primary key (account_id, id)
) with (fillfactor = 80);
create index callback_events_subject on callback_events (account_id, subject_id);
create index callback_events_due on callback_events (due_at) where due_at is not null and not in_line;
create index callback_events_in_line on callback_events (origin, due_at) where due_at is not null and in_line;
-- for the chores that go by age: nearly free on insert
create index callback_events_created on callback_events using brin (created_at);

create table callback_attempts (
  account_id text collate "C" not null,
  event_id text collate "C" not null,
  manual boolean not null,
  number integer not null check (number > 0),
  url text not null,
  response_code integer,
  error text,
  duration_ms integer not null,
  created_at timestamptz not null,
  primary key (account_id, event_id, manual, number)
);
create index callback_attempts_created on callback_attempts using brin (created_at);
