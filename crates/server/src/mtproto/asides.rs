//! What no mailbox counts: standing in a chat, how far it has been read, who is typing.

use super::encode::{self, Cast};
use ringback_tl::{ctors, types};
use ringback_world::{Aside, Conversation, Mailbox, Peer, UserId, World};

/// What no mailbox counts, as whoever is there is told of it.
pub(super) fn aside(
    world: &World,
    viewer: UserId,
    aside: &Aside,
    cast: &mut Cast<'_>,
) -> Option<types::Update> {
    Some(match aside {
        Aside::Standing(Conversation::Channel(id)) => {
            cast.peer(Peer::Channel(*id));
            ctors::UpdateChannel { channel_id: id.0 }.into()
        }
        // A basic group's members learn it from a message.
        Aside::Standing(_) => return None,
        Aside::Read(id, message) => {
            let peer = Peer::Channel(*id);
            cast.peer(peer);
            ctors::UpdateReadChannelInbox {
                channel_id: id.0,
                max_id: message.0,
                still_unread_count: encode::count(world.unread(viewer, peer)),
                pts: world.pts(Mailbox::Channel(*id)),
                ..Default::default()
            }
            .into()
        }
        Aside::Commands(bot) => {
            cast.user(*bot);
            ctors::UpdateBotCommands {
                peer: encode::peer(Peer::User(*bot)),
                bot_id: bot.0,
                commands: encode::bot_commands(world.commands_for(*bot, viewer)),
            }
            .into()
        }
        Aside::MenuButton(bot) => {
            cast.user(*bot);
            ctors::UpdateBotMenuButton {
                bot_id: bot.0,
                button: encode::menu_button(world.menu_button_for(*bot, viewer)),
            }
            .into()
        }
        Aside::Action {
            conversation,
            from,
            action,
        } => {
            let action = chat_action(action);
            cast.user(*from);
            let (user_id, from_id) = (from.0, encode::peer(Peer::User(*from)));
            match conversation.peer(viewer) {
                Peer::User(_) => ctors::UpdateUserTyping {
                    user_id,
                    top_msg_id: None,
                    action,
                }
                .into(),
                Peer::Group(id) => ctors::UpdateChatUserTyping {
                    chat_id: id.0,
                    from_id,
                    action,
                }
                .into(),
                Peer::Channel(id) => ctors::UpdateChannelUserTyping {
                    channel_id: id.0,
                    top_msg_id: None,
                    from_id,
                    action,
                }
                .into(),
            }
        }
    })
}

/// An action of the Bot API's names.
fn chat_action(name: &str) -> types::SendMessageAction {
    use types::SendMessageAction as Action;
    match name {
        "upload_photo" => ctors::SendMessageUploadPhotoAction { progress: 0 }.into(),
        "upload_document" => ctors::SendMessageUploadDocumentAction { progress: 0 }.into(),
        "choose_sticker" => Action::SendMessageChooseStickerAction,
        "find_location" => Action::SendMessageGeoLocationAction,
        _ => Action::SendMessageTypingAction,
    }
}
