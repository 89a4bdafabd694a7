-- Orders. The unique key on (principal, idempotency_key) is what makes placing
-- an order safe to repeat; fingerprint tells a repetition from a mistake.
alter table if exists orders_set_aside rename to orders;
alter table if exists order_lines_set_aside rename to order_lines;

create table if not exists orders (
    id              text        primary key,
    principal       text        not null,
    idempotency_key text        not null,
    fingerprint     bytea       not null,
    total_cents     bigint      not null,
    placed_at       timestamptz not null default now(),
    unique (principal, idempotency_key)
);

-- The price is copied: what was agreed does not change with the catalogue.
create table if not exists order_lines (
    order_id    text   not null references orders (id) on delete cascade,
    position    bigint not null,
    product_id  text   not null references products (id),
    quantity    bigint not null check (quantity > 0),
    price_cents bigint not null,
    primary key (order_id, position)
);
