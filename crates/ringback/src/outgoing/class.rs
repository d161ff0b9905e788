//! What kind of call each method is: the one list from which retries and limits follow.

/// What a method does, as far as sending it is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Class {
    /// Ends somebody's waiting: goes at once, past all limits.
    Answer,
    /// Changes nothing.
    Read,
    /// Changes something, and the same a second time.
    Set,
    /// Puts a message into a chat: Telegram counts these.
    Send,
    /// Anything else: a second time does it again.
    Once,
}

impl Class {
    /// Whether it may be sent again when it is not known whether the server carried it out.
    pub(crate) fn is_repeatable(self) -> bool {
        matches!(self, Class::Answer | Class::Read | Class::Set)
    }
}

macro_rules! classes {
    ($($class:ident $what:literal, $again:literal, $limits:literal: [$($name:literal)*])*) => {
        impl Class {
            /// What this method is. A method that the Bot API does not have is sent once.
            pub(crate) fn of(method: &str) -> Class {
                match method {
                    $($($name)|* => Class::$class,)*
                    _ => Class::Once,
                }
            }
        }

        /// Which calls are sent again by themselves, and which wait for Telegram's limits.
        ///
        /// *Certainly not carried out* are calls for which there was no connection, and those that the server refused
        /// with 429. *Perhaps carried out* are calls whose connection broke, that got no response in time, or a 5xx.
        /// With a repeated change the second try may be refused for what the first has done (a message that is not
        /// modified, or not found): the change is made.
        ///
        /// | | sent again | limits | methods |
        /// |---|---|---|---|
        $(#[doc = concat!("| ", $what, " | ", $again, " | ", $limits, " |", $(" `", $name, "`",)* " |")])*
        pub mod table {}

        #[cfg(test)]
        const NAMES: &[&str] = &[$($($name),*),*];
    };
}

classes! {
    Answer "answers", "if certainly or perhaps not carried out, for 10 s", "never wait": [
        "answerCallbackQuery" "answerGuestQuery" "answerWebAppQuery" "answerInlineQuery"
        "answerShippingQuery" "answerPreCheckoutQuery" "answerChatJoinRequestQuery"
    ]
    Send "new messages", "if certainly not carried out", "wait for the limits": [
        "sendSticker" "sendGame" "sendInvoice" "sendPhoto" "sendLivePhoto" "sendVideo" "sendAnimation"
        "sendAudio" "sendDocument" "sendVoice" "sendVideoNote" "sendPaidMedia" "sendMediaGroup"
        "sendMessage" "forwardMessage" "forwardMessages" "copyMessage" "copyMessages" "sendLocation"
        "sendVenue" "sendContact" "sendPoll" "sendChecklist" "sendDice" "sendRichMessage"
    ]
    Set "changes that can be made twice", "if certainly or perhaps not carried out", "wait while their chat is held up (429)": [
        "setWebhook" "deleteWebhook" "uploadStickerFile" "setStickerPositionInSet" "deleteStickerFromSet"
        "setStickerEmojiList" "setStickerKeywords" "setStickerMaskPosition" "setStickerSetTitle"
        "setStickerSetThumbnail" "setCustomEmojiStickerSetThumbnail" "deleteStickerSet" "editMessageText"
        "editMessageCaption" "editMessageMedia" "editMessageLiveLocation" "stopMessageLiveLocation"
        "editMessageChecklist" "editMessageReplyMarkup" "stopPoll" "editEphemeralMessageText"
        "editEphemeralMessageMedia" "editEphemeralMessageCaption" "editEphemeralMessageReplyMarkup"
        "approveSuggestedPost" "declineSuggestedPost" "deleteMessage" "deleteMessages"
        "deleteEphemeralMessage" "deleteMessageReaction" "deleteAllMessageReactions"
        "setManagedBotAccessSettings" "setMyCommands" "deleteMyCommands" "setMyName" "setMyDescription"
        "setMyShortDescription" "setMyProfilePhoto" "removeMyProfilePhoto" "setChatMenuButton"
        "setMyDefaultAdministratorRights" "setPassportDataErrors" "editStory" "deleteStory"
        "editUserStarSubscription" "setBusinessAccountGiftSettings" "readBusinessMessage"
        "deleteBusinessMessages" "setBusinessAccountName" "setBusinessAccountUsername"
        "setBusinessAccountBio" "setBusinessAccountProfilePhoto" "removeBusinessAccountProfilePhoto"
        "editForumTopic" "closeForumTopic" "reopenForumTopic" "deleteForumTopic"
        "unpinAllForumTopicMessages" "editGeneralForumTopic" "closeGeneralForumTopic"
        "reopenGeneralForumTopic" "hideGeneralForumTopic" "unhideGeneralForumTopic"
        "unpinAllGeneralForumTopicMessages" "editChatInviteLink" "editChatSubscriptionInviteLink"
        "revokeChatInviteLink" "approveChatJoinRequest" "declineChatJoinRequest" "sendChatJoinRequestWebApp"
        "sendChatAction" "setMessageReaction" "sendMessageDraft" "sendRichMessageDraft" "setUserEmojiStatus"
        "verifyUser" "verifyChat" "removeUserVerification" "removeChatVerification" "banChatMember"
        "unbanChatMember" "restrictChatMember" "promoteChatMember" "setChatAdministratorCustomTitle"
        "setChatMemberTag" "banChatSenderChat" "unbanChatSenderChat" "setChatPermissions" "setChatPhoto"
        "deleteChatPhoto" "setChatTitle" "setChatDescription" "pinChatMessage" "unpinAllChatMessages"
        "leaveChat" "setChatStickerSet" "deleteChatStickerSet"
    ]
    Read "questions", "if certainly or perhaps not carried out", "wait while their chat is held up (429)": [
        "getUpdates" "getWebhookInfo" "getForumTopicIconStickers" "getStickerSet" "getCustomEmojiStickers"
        "getGameHighScores" "getMe" "getManagedBotToken" "getManagedBotAccessSettings" "getMyCommands"
        "getMyName" "getMyDescription" "getMyShortDescription" "getChatMenuButton"
        "getMyDefaultAdministratorRights" "getBusinessAccountStarBalance" "getMyStarBalance"
        "getStarTransactions" "getAvailableGifts" "getBusinessAccountGifts" "getUserGifts" "getChatGifts"
        "getBusinessConnection" "getUserProfilePhotos" "getUserProfileAudios" "getFile"
        "getUserPersonalChatMessages" "getUserChatBoosts" "getChat" "getChatAdministrators"
        "getChatMemberCount" "getChatMember"
    ]
    Once "what would happen twice", "if certainly not carried out", "wait while their chat is held up (429)": [
        "savePreparedInlineMessage" "savePreparedKeyboardButton" "createNewStickerSet" "addStickerToSet"
        "replaceStickerInSet" "setGameScore" "logOut" "close" "replaceManagedBotToken" "postStory"
        "repostStory" "createInvoiceLink" "refundStarPayment" "sendGift" "giftPremiumSubscription"
        "convertGiftToStars" "upgradeGift" "transferGift" "transferBusinessAccountStars" "createForumTopic"
        "exportChatInviteLink" "createChatInviteLink" "createChatSubscriptionInviteLink" "unpinChatMessage"
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_method_has_a_class() {
        let mut ours = NAMES.to_vec();
        let mut all = ringback_botapi::methods::METHODS.to_vec();
        ours.sort_unstable();
        all.sort_unstable();
        assert_eq!(ours, all);
    }

    #[test]
    fn what_would_happen_twice_is_not_repeated() {
        for once in [
            "sendMessage",
            "copyMessages",
            "sendGift",
            "refundStarPayment",
            "unpinChatMessage",
            "postStory",
        ] {
            assert!(!Class::of(once).is_repeatable(), "{once}");
        }
        for again in [
            "getMe",
            "answerCallbackQuery",
            "editMessageText",
            "deleteMessage",
            "setWebhook",
            "sendChatAction",
        ] {
            assert!(Class::of(again).is_repeatable(), "{again}");
        }
        // Nothing that is called `send` and results in a message is anything but a message.
        assert_eq!(Class::of("sendPaidMedia"), Class::Send);
        assert_eq!(Class::of("notAMethod"), Class::Once);
    }
}
