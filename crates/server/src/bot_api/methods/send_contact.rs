//! `sendContact`.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_world::{Contact, Content};

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let contact = Contact {
        phone: context.required("phone_number")?,
        first_name: context.required("first_name")?,
        last_name: context.words("last_name")?.to_owned(),
        vcard: context.words("vcard")?.to_owned(),
        user: None,
    };
    context.send(Content::Contact(contact))
}
