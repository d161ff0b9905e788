//! `getUserProfilePhotos`: nobody has any here.

use super::Context;
use crate::bot_api::{ApiError, Reply};
use ringback_botapi::{PhotoSize, UserProfilePhotos};
use ringback_world::Error;

pub(super) fn run(context: &mut Context<'_>) -> Result<Reply, ApiError> {
    let user = context.user_in("user_id")?;
    context.world().user(user).ok_or(Error::UserNotFound)?;
    Reply::json(&UserProfilePhotos::new(0, Vec::<Vec<PhotoSize>>::new()))
}
