//! `sendVenue`.

use super::Context;
use crate::bot_api::{ApiError, Reply, decode};
use ringback_world::{Content, Venue};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let point = decode::point(context.params)?;
    let words = |name| context.words(name).map(str::to_owned);
    let mut venue = Venue {
        point: point.ok_or_else(|| ApiError::bad_request("wrong venue location specified"))?,
        title: words("title")?,
        address: words("address")?,
        provider: String::new(),
        id: String::new(),
        kind: String::new(),
    };
    // The later counts, if both are named.
    for (provider, id, kind) in [
        ("gplaces", "google_place_id", "google_place_type"),
        ("foursquare", "foursquare_id", "foursquare_type"),
    ] {
        let (id, kind) = (words(id)?, words(kind)?);
        if !id.is_empty() || !kind.is_empty() {
            (venue.provider, venue.id, venue.kind) = (provider.to_owned(), id, kind);
        }
    }
    context.send(Content::Venue(venue))
}
