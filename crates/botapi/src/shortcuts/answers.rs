//! Queries and requests, and the answers that carry their identifiers.

use super::Address;
use crate::{
    AnswerCallbackQuery, AnswerChatJoinRequestQuery, AnswerInlineQuery, AnswerPreCheckoutQuery,
    AnswerShippingQuery, ApproveChatJoinRequest, CallbackQuery, ChatJoinRequest, ChatMemberUpdated,
    DeclineChatJoinRequest, InlineQuery, InlineQueryResult, JoinRequestDecision, PreCheckoutQuery,
    ShippingOption, ShippingQuery,
};

impl CallbackQuery {
    /// An [`AnswerCallbackQuery`] to this query. In the framework's handlers a query has an answer of its own, which
    /// can't be forgotten.
    pub fn answer(&self) -> AnswerCallbackQuery {
        AnswerCallbackQuery::new(self.id.as_str())
    }
}

impl InlineQuery {
    /// An [`AnswerInlineQuery`] with up to 50 results.
    pub fn answer(&self, results: impl IntoIterator<Item: Into<InlineQueryResult>>) -> AnswerInlineQuery {
        AnswerInlineQuery::new(self.id.as_str(), results)
    }
}

impl ShippingQuery {
    /// An [`AnswerShippingQuery`] with the ways in which it can be shipped to that address.
    pub fn answer(&self, options: impl IntoIterator<Item = ShippingOption>) -> AnswerShippingQuery {
        AnswerShippingQuery::new(self.id.as_str(), true).shipping_options(options)
    }

    /// An [`AnswerShippingQuery`] that it can't be shipped there, with the reason, which the user is shown.
    pub fn refuse(&self, reason: impl Into<String>) -> AnswerShippingQuery {
        AnswerShippingQuery::new(self.id.as_str(), false).error_message(reason)
    }
}

impl PreCheckoutQuery {
    /// An [`AnswerPreCheckoutQuery`] that the goods are there: the payment goes on.
    pub fn answer(&self) -> AnswerPreCheckoutQuery {
        AnswerPreCheckoutQuery::new(self.id.as_str(), true)
    }

    /// An [`AnswerPreCheckoutQuery`] that ends the payment, with the reason, which the user is shown.
    pub fn refuse(&self, reason: impl Into<String>) -> AnswerPreCheckoutQuery {
        AnswerPreCheckoutQuery::new(self.id.as_str(), false).error_message(reason)
    }
}

impl ChatJoinRequest {
    /// An [`ApproveChatJoinRequest`]: the user is let in.
    pub fn approve(&self) -> ApproveChatJoinRequest {
        ApproveChatJoinRequest::new(self.chat.id, self.from.id)
    }

    /// A [`DeclineChatJoinRequest`]: the user is not let in.
    pub fn decline(&self) -> DeclineChatJoinRequest {
        DeclineChatJoinRequest::new(self.chat.id, self.from.id)
    }

    /// An [`AnswerChatJoinRequestQuery`], if the request waits for the bot's decision (it has a `query_id`).
    pub fn decide(&self, decision: impl Into<JoinRequestDecision>) -> Option<AnswerChatJoinRequestQuery> {
        let id = self.query_id.as_deref()?;
        Some(AnswerChatJoinRequestQuery::new(id, decision))
    }

    pub(crate) fn address(&self) -> Address {
        Address::chat(self.chat.id)
    }

    /// While the request is open the bot may write to this chat, even if the user has never written to the bot.
    pub(crate) fn pm_address(&self) -> Address {
        Address::chat(self.user_chat_id)
    }
}

impl ChatMemberUpdated {
    pub(crate) fn address(&self) -> Address {
        Address::chat(self.chat.id)
    }
}
