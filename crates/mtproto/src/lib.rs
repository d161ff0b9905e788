//! MTProto 2.0 without sockets, both ends.
