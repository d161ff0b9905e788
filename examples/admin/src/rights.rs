//! Who may moderate, as the server knows it now.

use ringback::api::{ChatMember, GetChatMember};
use ringback::{Bot, Context, Error, Handled, Middleware, Next};

/// Whether a user may ban others in a chat.
///
/// # Errors
/// The server does not say.
pub(crate) async fn may_restrict(bot: &Bot, chat: i64, user: i64) -> Result<bool, Error> {
    Ok(match bot.send(GetChatMember::new(chat, user)).await? {
        ChatMember::Owner(_) => true,
        ChatMember::Administrator(admin) => admin.can_restrict_members,
        _ => false,
    })
}

/// Goes around handlers of presses: whoever has lost the right is told so, and the handler is not asked.
pub(crate) struct OnlyModerators;

impl Middleware for OnlyModerators {
    async fn handle(&self, context: &Context, next: Next<'_>) -> Handled {
        let (Some(chat), Some(user)) = (context.chat_id(), context.sender_id()) else {
            return next.pass();
        };
        match may_restrict(context.bot(), chat, user).await {
            Ok(true) => next.run().await,
            Ok(false) => next.answer(|answer| answer.alert("You may not do that any more.")),
            Err(error) => next.fail(error),
        }
    }
}
