//! What can be done about a chat, a user and a sticker.

use super::Address;
use crate::{
    BanChatMember, BanChatSenderChat, Chat, ChatAction, ChatPermissions, CreateChatInviteLink,
    DeleteChatPhoto, DeleteMessage, DeleteStickerFromSet, ExportChatInviteLink, GetChat,
    GetChatAdministrators, GetChatMember, GetChatMemberCount, GetUserProfilePhotos, InputFile, LeaveChat,
    PinChatMessage, PromoteChatMember, RestrictChatMember, RevokeChatInviteLink, SendChatAction,
    SetChatAdministratorCustomTitle, SetChatDescription, SetChatPermissions, SetChatPhoto, SetChatTitle,
    SetStickerPositionInSet, Sticker, UnbanChatMember, UnbanChatSenderChat, UnpinAllChatMessages,
    UnpinChatMessage, User,
};

macro_rules! about_a_chat {
    ($($(#[$doc:meta])* $name:ident($($parameter:ident: $ty:ty),*) -> $method:ident;)*) => {
        impl Chat {
            $($(#[$doc])*
            pub fn $name(&self, $($parameter: $ty),*) -> $method {
                $method::new(self.id, $($parameter),*)
            })*
        }
    };
}

about_a_chat! {
    /// A [`SendChatAction`]: what the bot is doing, shown for a few seconds.
    action(action: impl Into<ChatAction>) -> SendChatAction;
    /// A [`DeleteMessage`] of a message in this chat.
    delete_message(message_id: i64) -> DeleteMessage;
    /// A [`PinChatMessage`].
    pin_message(message_id: i64) -> PinChatMessage;
    /// An [`UnpinAllChatMessages`].
    unpin_all_messages() -> UnpinAllChatMessages;
    /// A [`GetChat`]: all there is to know about this chat.
    get() -> GetChat;
    /// A [`GetChatAdministrators`].
    get_administrators() -> GetChatAdministrators;
    /// A [`GetChatMember`].
    get_member(user_id: i64) -> GetChatMember;
    /// A [`GetChatMemberCount`].
    get_member_count() -> GetChatMemberCount;
    /// A [`BanChatMember`].
    ban(user_id: i64) -> BanChatMember;
    /// An [`UnbanChatMember`]. A member who is not banned is removed by it, unless it has `only_if_banned`.
    unban(user_id: i64) -> UnbanChatMember;
    /// A [`BanChatSenderChat`]: nobody may write in that channel's name here.
    ban_sender_chat(sender_chat_id: i64) -> BanChatSenderChat;
    /// An [`UnbanChatSenderChat`].
    unban_sender_chat(sender_chat_id: i64) -> UnbanChatSenderChat;
    /// A [`RestrictChatMember`].
    restrict(user_id: i64, permissions: ChatPermissions) -> RestrictChatMember;
    /// A [`PromoteChatMember`]; with no right set, it demotes.
    promote(user_id: i64) -> PromoteChatMember;
    /// A [`SetChatAdministratorCustomTitle`].
    set_administrator_custom_title(user_id: i64, title: impl Into<String>) -> SetChatAdministratorCustomTitle;
    /// A [`SetChatPermissions`]: what members may do by default.
    set_permissions(permissions: ChatPermissions) -> SetChatPermissions;
    /// A [`SetChatTitle`].
    set_title(title: impl Into<String>) -> SetChatTitle;
    /// A [`SetChatDescription`]; without a description it takes the present one away.
    set_description() -> SetChatDescription;
    /// A [`SetChatPhoto`].
    set_photo(photo: impl Into<InputFile>) -> SetChatPhoto;
    /// A [`DeleteChatPhoto`].
    delete_photo() -> DeleteChatPhoto;
    /// A [`CreateChatInviteLink`].
    create_invite_link() -> CreateChatInviteLink;
    /// An [`ExportChatInviteLink`]: a new primary link in place of the bot's present one.
    export_invite_link() -> ExportChatInviteLink;
    /// A [`RevokeChatInviteLink`].
    revoke_invite_link(link: impl Into<String>) -> RevokeChatInviteLink;
    /// A [`LeaveChat`].
    leave() -> LeaveChat;
}

impl Chat {
    /// An [`UnpinChatMessage`]: of this message, or of the newest that is pinned.
    pub fn unpin_message(&self, message_id: Option<i64>) -> UnpinChatMessage {
        let mut unpin = UnpinChatMessage::new(self.id);
        unpin.message_id = message_id;
        unpin
    }

    pub(crate) fn address(&self) -> Address {
        Address::chat(self.id)
    }
}

impl User {
    /// A [`GetUserProfilePhotos`].
    pub fn get_profile_photos(&self) -> GetUserProfilePhotos {
        GetUserProfilePhotos::new(self.id)
    }

    /// First and last name.
    pub fn full_name(&self) -> String {
        match &self.last_name {
            Some(last) => format!("{} {last}", self.first_name),
            None => self.first_name.clone(),
        }
    }

    /// The private chat with a user has the user's number.
    pub(crate) fn address(&self) -> Address {
        Address::chat(self.id)
    }
}

impl Sticker {
    /// A [`SetStickerPositionInSet`], from 0; for sets that the bot has made.
    pub fn set_position_in_set(&self, position: i64) -> SetStickerPositionInSet {
        SetStickerPositionInSet::new(self.file_id.as_str(), position)
    }

    /// A [`DeleteStickerFromSet`], for sets that the bot has made.
    pub fn delete_from_set(&self) -> DeleteStickerFromSet {
        DeleteStickerFromSet::new(self.file_id.as_str())
    }
}
