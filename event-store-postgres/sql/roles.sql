-- Rights for the roles of a service, least first. Run as the owner of the schema, after the roles were created and again after
-- every migration:
--   create role PREFIX_writer login; create role PREFIX_reader login; create role PREFIX_replication login replication;
-- The owner migrates, archives and removes; no service connects as it. What is not granted here is the owner's alone.

revoke create on schema @SCHEMA@ from public;
grant usage on schema @SCHEMA@ to @PREFIX@_writer, @PREFIX@_reader, @PREFIX@_replication;

-- Reading: events in their order, snapshots, and where everybody stands.
grant select on @SCHEMA@.event, @SCHEMA@.snapshot, @SCHEMA@.checkpoint, @SCHEMA@.parked_event, @SCHEMA@.event_store_meta
    to @PREFIX@_writer, @PREFIX@_reader;
grant select on sequence @SCHEMA@.event_position_seq to @PREFIX@_writer, @PREFIX@_reader;
grant execute on function @SCHEMA@.settled to @PREFIX@_writer, @PREFIX@_reader;

-- Appending: every column but the position, which only the database draws.
grant insert (id, aggregate_type, aggregate_id, version, event_type, schema_version, data, data_binary, metadata, fingerprint,
              timestamp) on @SCHEMA@.event to @PREFIX@_writer;
grant execute on function @SCHEMA@.append, @SCHEMA@.assert_rising to @PREFIX@_writer;

-- Keeping snapshots, cursors and parked events.
grant insert, update, delete on @SCHEMA@.snapshot, @SCHEMA@.checkpoint, @SCHEMA@.parked_event to @PREFIX@_writer;

-- Change data capture reads the events alone. (Its attribute REPLICATION reads everything through the log: guard its password.)
grant select on @SCHEMA@.event to @PREFIX@_replication;
