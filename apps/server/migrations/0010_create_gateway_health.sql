-- How gateways answer, counted per second, and the breakers that keep payments away from those that fail.
-- Lines are only appended and added up, so that payments at one gateway never wait for each other.
create table gateway_results (
  gateway_id integer not null,
  method text collate "C" not null,
  -- to the second
  counted_at timestamptz not null,
  failures integer not null check (failures >= 0),
  healthy integer not null check (healthy >= 0)
);
create index gateway_results_window on gateway_results (gateway_id, method, counted_at);
create index gateway_results_age on gateway_results using brin (counted_at);

-- No row = closed, and never was open. Half-open = open, and open_until is over.
create table gateway_breakers (
  gateway_id integer not null,
  method text collate "C" not null,
  -- rises with every change; a writer names the version it decided on
  version integer not null default 1,
  state text not null check (state in ('closed', 'open', 'held')),
  open_until timestamptz,
  pause_s integer not null check (pause_s > 0),
  healthy_probes integer not null default 0 check (healthy_probes >= 0),
  probe_at timestamptz,
  -- the payment that probes now, until when nobody else may
  probe_by text collate "C",
  probe_until timestamptz,
  -- results from before this moment do not count
  counted_from timestamptz,
  changed_at timestamptz not null,
  primary key (gateway_id, method),
  check ((state = 'open') = (open_until is not null))
);

-- Who opened, closed or held which breaker, and when; written once.
create table gateway_breaker_changes (
  gateway_id integer not null,
  method text collate "C" not null,
  version integer not null,
  from_state text not null,
  to_state text not null,
  open_until timestamptz,
  -- 'system', or the operator's name
  changed_by text not null,
  changed_at timestamptz not null,
  primary key (gateway_id, method, version)
);

-- Settings of the gateway's breaker that differ from the usual ones: window_s, failures_min, ratio_percent, pause_s.
alter table gateways add column breaker json;
