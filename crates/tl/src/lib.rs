//! The TL language: schema, codec, several layers at once.
