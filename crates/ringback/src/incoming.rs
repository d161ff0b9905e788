//! [`Incoming`]: an update's content with the bot at hand, and the kinds of update there are.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::sync::Arc;

use ringback_botapi as api;
use ringback_botapi::{ChosenInlineResult, Message};

use crate::bot::Bot;
use crate::query::Editor;

/// What an update brought, and the bot that it came to. All fields of the `T` can be read through it.
///
/// Its shortcuts are [calls](crate::Call) that send themselves when they are awaited. What is inside it has shortcuts as
/// well, as methods without a bot: [`send`](Bot::send) sends those (`bot.send(message.chat.leave())`).
///
/// ```
/// use ringback::{Error, Incoming, api::Message};
///
/// async fn echo(message: Incoming<Message>) -> Result<(), Error> {
///     if let Some(text) = &message.text {
///         message.reply(text).await?;
///     }
///     Ok(())
/// }
/// ```
pub struct Incoming<T = Message> {
    content: Arc<T>,
    bot: Bot,
}

impl<T> Incoming<T> {
    pub(crate) fn new(content: Arc<T>, bot: Bot) -> Self {
        Incoming { content, bot }
    }

    /// The bot that the update came to.
    pub fn bot(&self) -> &Bot {
        &self.bot
    }
}

impl Incoming<ChosenInlineResult> {
    /// The message that was sent. `None` if it has no inline keyboard: then the bot can't change it.
    pub fn editor(&self) -> Option<Editor> {
        let id = self.inline_message_id.as_deref()?;
        Some(Editor::inline(&self.bot, id))
    }
}

impl<T> Clone for Incoming<T> {
    fn clone(&self) -> Self {
        Incoming {
            content: Arc::clone(&self.content),
            bot: self.bot.clone(),
        }
    }
}

impl<T> Deref for Incoming<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.content
    }
}

impl<T: fmt::Debug> fmt::Debug for Incoming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.content.fmt(f)
    }
}

/// A kind of update, and the type of what it brings; see [`kinds`] for all of them.
pub struct Kind<T> {
    name: &'static str,
    content: PhantomData<fn() -> T>,
}

impl<T> Kind<T> {
    const fn new(name: &'static str) -> Self {
        Kind {
            name,
            content: PhantomData,
        }
    }

    /// The kind's name, as `allowed_updates` takes it.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl<T> Clone for Kind<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Kind<T> {}

impl<T> fmt::Debug for Kind<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $constant:ident: $content:ident $name:literal,)*) => {
        /// Every kind of update but the callback query, which has [its own way](crate::Router::callback).
        ///
        /// ```
        /// use ringback::{Incoming, Router, api::ChosenInlineResult, kinds};
        ///
        /// async fn chosen(result: Incoming<ChosenInlineResult>) {
        ///     println!("{} chose {}", result.from.first_name, result.result_id);
        /// }
        ///
        /// let router = Router::new().on(kinds::CHOSEN_INLINE_RESULT, chosen);
        /// ```
        pub mod kinds {
            use super::{Kind, api};
            $($(#[$doc])* pub const $constant: Kind<api::$content> = Kind::new($name);)*

            #[cfg(test)]
            pub(super) const NAMES: &[&str] = &[$($name),*];
        }
    };
}

kinds! {
    /// A new message in a chat.
    MESSAGE: Message "message",
    /// A message was edited.
    EDITED_MESSAGE: Message "edited_message",
    /// A new post in a channel.
    CHANNEL_POST: Message "channel_post",
    /// A channel's post was edited.
    EDITED_CHANNEL_POST: Message "edited_channel_post",
    /// A business account was connected to the bot, or its connection has changed.
    BUSINESS_CONNECTION: BusinessConnection "business_connection",
    /// A new message in a connected business account.
    BUSINESS_MESSAGE: Message "business_message",
    /// A message in a connected business account was edited.
    EDITED_BUSINESS_MESSAGE: Message "edited_business_message",
    /// Messages in a connected business account were deleted.
    DELETED_BUSINESS_MESSAGES: BusinessMessagesDeleted "deleted_business_messages",
    /// A guest's message.
    GUEST_MESSAGE: Message "guest_message",
    /// A user's reaction to a message has changed.
    MESSAGE_REACTION: MessageReactionUpdated "message_reaction",
    /// The number of anonymous reactions to a message has changed.
    MESSAGE_REACTION_COUNT: MessageReactionCountUpdated "message_reaction_count",
    /// A user types in inline mode.
    INLINE_QUERY: InlineQuery "inline_query",
    /// A user chose a result of inline mode.
    CHOSEN_INLINE_RESULT: ChosenInlineResult "chosen_inline_result",
    /// A buyer asks for the ways of shipping.
    SHIPPING_QUERY: ShippingQuery "shipping_query",
    /// A purchase is to be confirmed, within 10 seconds.
    PRE_CHECKOUT_QUERY: PreCheckoutQuery "pre_checkout_query",
    /// A user bought paid media.
    PURCHASED_PAID_MEDIA: PaidMediaPurchased "purchased_paid_media",
    /// A poll has changed.
    POLL: Poll "poll",
    /// A user voted in a poll.
    POLL_ANSWER: PollAnswer "poll_answer",
    /// What the bot is in a chat has changed.
    MY_CHAT_MEMBER: ChatMemberUpdated "my_chat_member",
    /// What a member is in a chat has changed.
    CHAT_MEMBER: ChatMemberUpdated "chat_member",
    /// A user asks to join a chat.
    CHAT_JOIN_REQUEST: ChatJoinRequest "chat_join_request",
    /// A chat was boosted, or the boost has changed.
    CHAT_BOOST: ChatBoostUpdated "chat_boost",
    /// A boost was taken from a chat.
    REMOVED_CHAT_BOOST: ChatBoostRemoved "removed_chat_boost",
    /// A bot that this bot manages has changed.
    MANAGED_BOT: ManagedBotUpdated "managed_bot",
    /// A subscription to the bot has changed.
    SUBSCRIPTION: BotSubscriptionUpdated "subscription",
    /// A user stopped a message that was being generated.
    STOPPED_MESSAGE_GENERATION: MessageGenerationStopped "stopped_message_generation",
}

#[cfg(test)]
mod tests {
    #[test]
    fn every_kind_of_update_can_be_routed() {
        let mut ours = [super::kinds::NAMES, &["callback_query"]].concat();
        let mut known = ringback_botapi::UPDATE_KINDS.to_vec();
        ours.sort_unstable();
        known.sort_unstable();
        assert_eq!(ours, known);
    }
}
