-- What operators have been told about a pair of a feed, so that they are told once when it begins and once when it is over.
alter table rate_feed_pairs
  -- its answers cannot be used
  add column failing boolean not null default false,
  -- a rate too far from the one before was not used
  add column jumping boolean not null default false,
  -- answers in a row: above 0 that could be used, below 0 that could not; 0 after a doubtful one
  add column streak smallint not null default 0 check (streak between -3 and 3);
