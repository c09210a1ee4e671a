-- What providers tell us, stored as it came before anything is made of it.
create table provider_events (
  id text collate "C" primary key,
  gateway_id integer not null,
  headers json not null,
  body text not null,
  status text not null default 'received' check (status in ('received', 'handled', 'refused', 'failed')),
  detail text,
  tries integer not null default 0,
  received_at timestamptz not null,
  handled_at timestamptz,
  due_at timestamptz,
  leased_until timestamptz
);
create index provider_events_due on provider_events (due_at) where due_at is not null;
