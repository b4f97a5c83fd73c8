-- The fifth schema of content.db. Append-only: a change is another file.

-- Offers whose file may come through here although the two people share no group: the messenger said so, and they are
-- contacts. Until the offer is over.
CREATE TABLE permits (
  offer    BLOB PRIMARY KEY CHECK (length(offer) = 16),
  sender   BLOB NOT NULL CHECK (length(sender) = 16),
  receiver BLOB NOT NULL CHECK (length(receiver) = 16)
) STRICT, WITHOUT ROWID;
