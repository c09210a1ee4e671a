-- What routes cost and how often they approve: what the strategies cost and conversion order routes by.
create table gateway_tariffs (
  gateway_id integer not null,
  valid_from timestamptz not null,
  currency text not null,
  -- percent of the amount
  rate_percent numeric(9, 6) not null check (rate_percent >= 0),
  -- minor units of the tariff's currency
  fix_minor bigint not null check (fix_minor >= 0),
  min_minor bigint check (min_minor >= 0),
  max_minor bigint check (max_minor >= min_minor),
  primary key (gateway_id, valid_from)
);

-- Decided attempts by hour. An unknown one is counted when it becomes unknown; what it turns out to be corrects the sums.
create table route_counts (
  gateway_id integer not null,
  method text collate "C" not null,
  currency text collate "C" not null,
  -- '' = no card, or not known
  brand text collate "C" not null,
  issuer_country text collate "C" not null,
  hour timestamptz not null,
  approved integer not null,
  counted integer not null,
  primary key (hour, gateway_id, method, currency, brand, issuer_country)
);
