-- The schema of Toolyard as its platform exports it: every change that was ever asked for, in order.
-- Toolyard is no real app. It was written for docs/from-lovable.md, with the habits of such schemas.

-- 20250114091502_create_tables.sql ---------------------------------------------------------------

create type public.app_role as enum ('admin', 'moderator', 'user');

create table public.profiles (
  id uuid primary key references auth.users (id) on delete cascade,
  email text,
  full_name text,
  phone text,
  avatar_url text,
  address text,
  city text,
  postcode text,
  role text default 'customer',
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

create table public.categories (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  slug text,
  icon text,
  color text default '#3b82f6',
  created_at timestamptz default now()
);

create table public.tools (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  description text,
  category text,
  category_id uuid references public.categories (id),
  daily_rate numeric default 0,
  deposit numeric,
  condition text default 'good',
  status text default 'available',
  available boolean default true,
  quantity integer default 1,
  serial_number text,
  image_url text,
  specs jsonb default '{}'::jsonb,
  created_at timestamptz default now(),
  updated_at timestamptz default now()
);

create table public.rentals (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references auth.users (id),
  customer_name text,
  customer_email text,
  start_date timestamptz,
  end_date timestamptz,
  status text default 'pending'
    check (status in ('pending', 'confirmed', 'active', 'completed', 'cancelled', 'overdue')),
  total_amount numeric,
  deposit_paid boolean default false,
  notes text,
  metadata jsonb default '{}'::jsonb,
  created_at timestamptz default now()
);

create table public.rental_items (
  id uuid primary key default gen_random_uuid(),
  rental_id uuid references public.rentals (id) on delete cascade,
  tool_id uuid references public.tools (id) on delete cascade,
  tool_name text,
  quantity integer default 1,
  price numeric,
  created_at timestamptz default now()
);

create table public.reviews (
  id uuid primary key default gen_random_uuid(),
  tool_id uuid references public.tools (id) on delete cascade,
  user_id uuid references auth.users (id),
  rating integer,
  comment text,
  created_at timestamptz default now()
);

create function public.handle_new_user() returns trigger
language plpgsql security definer set search_path = public as $$
begin
  insert into public.profiles (id, email, full_name)
  values (new.id, new.email, new.raw_user_meta_data ->> 'full_name');
  return new;
end;
$$;

create trigger on_auth_user_created
  after insert on auth.users
  for each row execute function public.handle_new_user();

create function public.update_updated_at_column() returns trigger
language plpgsql as $$
begin
  new.updated_at = now();
  return new;
end;
$$;

create trigger update_profiles_updated_at
  before update on public.profiles
  for each row execute function public.update_updated_at_column();

alter table public.profiles enable row level security;
alter table public.categories enable row level security;
alter table public.tools enable row level security;
alter table public.rentals enable row level security;
alter table public.rental_items enable row level security;
alter table public.reviews enable row level security;

create policy "Public profiles are viewable by everyone"
  on public.profiles for select using (true);
create policy "Users can update own profile"
  on public.profiles for update using (auth.uid() = id);

create policy "Categories are viewable by everyone"
  on public.categories for select using (true);
create policy "Tools are viewable by everyone"
  on public.tools for select using (true);

create policy "Users can view own rentals"
  on public.rentals for select using (auth.uid() = user_id);
create policy "Users can create own rentals"
  on public.rentals for insert with check (auth.uid() = user_id);
create policy "Users can update own rentals"
  on public.rentals for update using (auth.uid() = user_id);

create policy "Users can manage own rental items"
  on public.rental_items for all using (
    exists (
      select 1 from public.rentals
      where rentals.id = rental_items.rental_id and rentals.user_id = auth.uid()
    )
  );

create policy "Reviews are viewable by everyone"
  on public.reviews for select using (true);
create policy "Users can create reviews"
  on public.reviews for insert with check (auth.uid() = user_id);

-- 20250203154410_add_payments.sql ----------------------------------------------------------------

create table public.payments (
  id uuid primary key default gen_random_uuid(),
  rental_id uuid references public.rentals (id),
  user_id uuid,
  amount numeric,
  currency text default 'eur',
  status text default 'pending',
  stripe_session_id text,
  stripe_payment_intent_id text,
  metadata jsonb default '{}'::jsonb,
  created_at timestamptz default now()
);

alter table public.rentals add column total numeric;
alter table public.rentals add column paid boolean default false;
alter table public.rentals add column payment_status text;

alter table public.payments enable row level security;

create policy "Users can view own payments"
  on public.payments for select using (auth.uid() = user_id);
create policy "Service can insert payments"
  on public.payments for insert with check (true);

-- 20250219103317_admin_dashboard.sql -------------------------------------------------------------

create table public.user_roles (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references auth.users (id) on delete cascade not null,
  role public.app_role not null,
  unique (user_id, role)
);

alter table public.profiles add column is_admin boolean default false;

create function public.has_role(_user_id uuid, _role public.app_role) returns boolean
language sql stable security definer set search_path = public as $$
  select exists (
    select 1 from public.user_roles where user_id = _user_id and role = _role
  )
$$;

alter table public.user_roles enable row level security;

create policy "Users can view own roles"
  on public.user_roles for select using (auth.uid() = user_id);
create policy "Admins can manage tools"
  on public.tools for all using (public.has_role(auth.uid(), 'admin'));
create policy "Admins can manage categories"
  on public.categories for all using (public.has_role(auth.uid(), 'admin'));
create policy "Admins can view all rentals"
  on public.rentals for select using (
    (select is_admin from public.profiles where id = auth.uid())
  );
create policy "Admins can update rentals"
  on public.rentals for update using (
    (select role from public.profiles where id = auth.uid()) = 'admin'
  );

-- 20250311082955_damage_and_waitlist.sql ---------------------------------------------------------

create table public.damage_reports (
  id uuid primary key default gen_random_uuid(),
  rental_id uuid references public.rentals (id),
  tool_id uuid references public.tools (id),
  reported_by uuid,
  description text,
  photos text[],
  cost numeric,
  resolved boolean default false,
  created_at timestamptz default now()
);

create table public.waitlist (
  id uuid primary key default gen_random_uuid(),
  tool_id uuid references public.tools (id),
  user_id uuid,
  email text,
  notified boolean default false,
  created_at timestamptz default now()
);

alter table public.waitlist enable row level security;

create policy "Anyone can join the waitlist"
  on public.waitlist for insert with check (true);

-- 20250402171120_delivery.sql --------------------------------------------------------------------

alter table public.rentals add column delivery boolean default false;
alter table public.rentals add column delivery_address jsonb;
alter table public.tools add column images jsonb default '[]'::jsonb;
alter table public.tools add column weekly_rate numeric;

insert into storage.buckets (id, name, public) values ('tool-images', 'tool-images', true);
insert into storage.buckets (id, name, public) values ('damage-photos', 'damage-photos', true);

create policy "Tool images are public"
  on storage.objects for select using (bucket_id = 'tool-images');
create policy "Signed in users can upload"
  on storage.objects for insert to authenticated with check (true);

-- 20250430093041_notifications_and_settings.sql --------------------------------------------------

create table public.notifications (
  id uuid primary key default gen_random_uuid(),
  user_id uuid references auth.users (id) on delete cascade,
  type text,
  title text,
  message text,
  data jsonb,
  read boolean default false,
  created_at timestamptz default now()
);

create table public.settings (
  key text primary key,
  value jsonb,
  updated_at timestamptz default now()
);

alter table public.notifications enable row level security;
alter table public.settings enable row level security;

create policy "Users can view own notifications"
  on public.notifications for select using (auth.uid() = user_id);
create policy "Users can update own notifications"
  on public.notifications for update using (auth.uid() = user_id);
create policy "Settings are viewable by everyone"
  on public.settings for select using (true);

insert into public.settings (key, value) values
  ('late_fee_per_day', '5'),
  ('opening_hours', '{"mon-fri": "8-18", "sat": "9-13"}'),
  ('sms_api_key', '"typed in on the settings page"');

select cron.schedule('mark-overdue', '0 * * * *', $$
  update public.rentals set status = 'overdue' where status = 'active' and end_date < now()
$$);

select cron.schedule('send-reminders', '0 9 * * *', $$
  select net.http_post(url := 'https://toolyard.example.com/functions/v1/send-reminders')
$$);
