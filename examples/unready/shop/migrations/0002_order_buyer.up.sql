CREATE INDEX orders_buyer ON orders (buyer);
ALTER TABLE orders DROP COLUMN total;
