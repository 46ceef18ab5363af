-- What the platform brings along and schema.sql builds on: accounts, files, schedules and roles.
-- A stand-in, small enough to load into any PostgreSQL. It remembers what it is told and does nothing else.

do $$
begin
  -- Roles belong to the whole server, not to one database.
  if not exists (select from pg_roles where rolname = 'anon') then
    create role anon nologin;
  end if;
  if not exists (select from pg_roles where rolname = 'authenticated') then
    create role authenticated nologin;
  end if;
end;
$$;

create schema auth;
create schema storage;
create schema cron;
create schema net;

create table auth.users (
  id uuid primary key default gen_random_uuid(),
  email text,
  raw_user_meta_data jsonb default '{}'::jsonb
);

-- Who asks: the platform takes it from the token of the request.
create function auth.uid() returns uuid language sql stable as $$
  select nullif(current_setting('request.person', true), '')::uuid
$$;

create table storage.buckets (id text primary key, name text, public boolean);
create table storage.objects (
  id uuid primary key default gen_random_uuid(),
  bucket_id text references storage.buckets (id),
  name text,
  owner uuid
);
alter table storage.objects enable row level security;

create table cron.job (jobname text primary key, schedule text, command text);
create function cron.schedule(name text, schedule text, command text) returns void language sql as $$
  insert into cron.job values (name, schedule, command)
$$;

create table net.request (url text);
create function net.http_post(url text) returns void language sql as $$
  insert into net.request values (url)
$$;

-- The browser reaches every table of `public`; only the row policies stand between.
grant usage on schema public, auth, storage to anon, authenticated;
alter default privileges in schema public grant all on tables to anon, authenticated;
grant all on storage.objects to authenticated;
