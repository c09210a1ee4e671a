-- What payments were routed by is never changed or deleted; only a draft may be. Publishing moves the status and nothing else.
create function refuse_routing_version_change() returns trigger language plpgsql as $$
begin
  if tg_op = 'TRUNCATE' then
    raise exception 'routing versions are never truncated' using errcode = 'integrity_constraint_violation';
  end if;
  if tg_op = 'DELETE' then
    if old.status <> 'draft' then
      raise exception 'a published routing version is never deleted' using errcode = 'integrity_constraint_violation';
    end if;
    return old;
  end if;
  if (new.account_id, new.scheme_id, new.number, new.kind) is distinct from (old.account_id, old.scheme_id, old.number, old.kind)
    or (old.status <> 'draft' and new.scheme::text is distinct from old.scheme::text)
  then
    raise exception 'a published routing version is never changed' using errcode = 'integrity_constraint_violation';
  end if;
  if new.status <> old.status
    and (old.status, new.status) not in (('draft', 'published'), ('published', 'archived'), ('archived', 'published'))
  then
    raise exception 'a routing version never goes from % to %', old.status, new.status
      using errcode = 'integrity_constraint_violation';
  end if;
  return new;
end $$;
create trigger routing_versions_fixed before update or delete on routing_versions
  for each row execute function refuse_routing_version_change();
create trigger routing_versions_no_truncate before truncate on routing_versions
  for each statement execute function refuse_routing_version_change();
