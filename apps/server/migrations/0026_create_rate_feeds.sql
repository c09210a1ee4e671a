-- Where reference rates come from by themselves: one address on the net per source, asked again and again by the workers.
create table rate_feeds (
  source text primary key check (source ~ '^[a-z0-9][a-z0-9_-]{0,49}$'),
  -- {from} and {to} stand for the currencies of a pair, in the pointers as well
  url text not null,
  -- where in the JSON the rate stands (RFC 6901), and its time; null = the time of the answer
  rate_pointer text not null,
  time_pointer text,
  -- the source tells units of from_currency for one of to_currency
  inverted boolean not null,
  -- a header that admits us, its value encrypted
  header_name text,
  header_encrypted bytea,
  interval_s smallint not null check (interval_s between 15 and 300),
  -- a rate further than this from the one before is not used until it is confirmed
  jump_percent smallint not null check (jump_percent between 1 and 1000),
  active boolean not null,
  saved_by text not null,
  saved_at timestamptz not null,
  due_at timestamptz not null,
  leased_until timestamptz,
  check ((header_name is null) = (header_encrypted is null))
);
create index rate_feeds_due on rate_feeds (due_at) where active;

create table rate_feed_pairs (
  source text not null references rate_feeds (source),
  from_currency text not null,
  to_currency text not null,
  added_at timestamptz not null,
  -- when an answer, or the lack of one, was last noted, and what was wrong with it
  asked_at timestamptz,
  error text,
  -- the last rate that was too far from the one before, and how many readings in a row agree on it
  doubtful_rate numeric(30, 12) check (doubtful_rate > 0),
  doubtful_as_of timestamptz,
  doubtful_count smallint not null default 0,
  -- somebody has been told that there is no fresh rate
  stale boolean not null default false,
  primary key (source, from_currency, to_currency),
  check ((doubtful_count = 0) = (doubtful_rate is null) and (doubtful_count = 0) = (doubtful_as_of is null))
);
