//! Shortcuts of what an update brought, besides those that send something to its place (those are generated): the same
//! as the objects' own, with the bot at hand.

use ringback_botapi::{
    AnswerChatJoinRequestQuery, AnswerInlineQuery, AnswerPreCheckoutQuery, AnswerShippingQuery,
    ApproveChatJoinRequest, ChatId, ChatJoinRequest, CopyMessage, DeclineChatJoinRequest, DeleteMessage,
    EditMessageCaption, EditMessageLiveLocation, EditMessageMedia, EditMessageReplyMarkup, EditMessageText,
    ForwardMessage, InlineKeyboardMarkup, InlineQuery, InlineQueryResult, InputMedia, JoinRequestDecision,
    Message, PinChatMessage, PreCheckoutQuery, ReactionType, SetMessageReaction, ShippingOption,
    ShippingQuery, StopMessageLiveLocation, StopPoll, UnpinChatMessage,
};

use crate::bot::Call;
use crate::incoming::Incoming;

macro_rules! calls {
    ($($owner:ty { $($(#[$doc:meta])* $name:ident($($parameter:ident: $ty:ty),*) -> $method:ident;)* })*) => {
        $(impl Incoming<$owner> {
            $($(#[$doc])*
            pub fn $name(&self, $($parameter: $ty),*) -> Call<$method> {
                self.bot().call((**self).$name($($parameter),*))
            })*
        })*
    };
}

calls! {
    Message {
        /// Replaces this message's text, if it is the bot's own. The keyboard goes too, unless the call is given one.
        edit_text(text: impl Into<String>) -> EditMessageText;
        /// Replaces the caption; `None` takes it away.
        edit_caption(caption: Option<String>) -> EditMessageCaption;
        /// Puts another photo, video, document … in its place.
        edit_media(media: impl Into<InputMedia>) -> EditMessageMedia;
        /// Replaces the keyboard; `None` takes it away.
        edit_reply_markup(markup: Option<InlineKeyboardMarkup>) -> EditMessageReplyMarkup;
        /// Moves the live location.
        edit_live_location(latitude: f64, longitude: f64) -> EditMessageLiveLocation;
        /// Stops the live location.
        stop_live_location() -> StopMessageLiveLocation;
        /// Stops the poll in this message, if it is the bot's own.
        stop_poll() -> StopPoll;
        /// Deletes this message.
        delete() -> DeleteMessage;
        /// Sends the same content to another chat.
        copy_to(chat_id: impl Into<ChatId>) -> CopyMessage;
        /// Forwards this message to another chat.
        forward(chat_id: impl Into<ChatId>) -> ForwardMessage;
        /// Pins this message.
        pin() -> PinChatMessage;
        /// Unpins this message.
        unpin() -> UnpinChatMessage;
        /// Reacts to it, in place of the bot's former reactions; none takes them away.
        react(reaction: impl IntoIterator<Item: Into<ReactionType>>) -> SetMessageReaction;
    }
    InlineQuery {
        /// Answers with up to 50 results.
        answer(results: impl IntoIterator<Item: Into<InlineQueryResult>>) -> AnswerInlineQuery;
    }
    ShippingQuery {
        /// Answers with the ways in which it can be shipped to that address.
        answer(options: impl IntoIterator<Item = ShippingOption>) -> AnswerShippingQuery;
        /// It can't be shipped there; the user is shown why.
        refuse(reason: impl Into<String>) -> AnswerShippingQuery;
    }
    PreCheckoutQuery {
        /// The goods are there: the payment goes on.
        answer() -> AnswerPreCheckoutQuery;
        /// Ends the payment; the user is shown why.
        refuse(reason: impl Into<String>) -> AnswerPreCheckoutQuery;
    }
    ChatJoinRequest {
        /// Lets the user in.
        approve() -> ApproveChatJoinRequest;
        /// Does not let the user in.
        decline() -> DeclineChatJoinRequest;
    }
}

impl Incoming<ChatJoinRequest> {
    /// Decides, if the request waits for the bot's decision (it has a `query_id`).
    pub fn decide(
        &self,
        decision: impl Into<JoinRequestDecision>,
    ) -> Option<Call<AnswerChatJoinRequestQuery>> {
        Some(self.bot().call((**self).decide(decision)?))
    }
}
