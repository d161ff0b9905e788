//! Which file answers which call.

use super::{
    Context, Reply, account, auth, bots, channels, constant, contacts, messages, not_here, remark, updates,
    upload, users,
};
use ringback_tl::functions::Function;

/// The answer to a call, now or later.
pub(super) fn dispatch(context: &Context<'_>, function: Function) -> Reply {
    use Function as F;
    match function {
        F::AuthSendCode(call) => auth::send_code::run(context, &call).into(),
        F::AuthResendCode(call) => auth::resend_code::run(context, &call).into(),
        F::AuthCancelCode(_) => context.give(&true).into(),
        F::AuthSignIn(call) => auth::sign_in::run(context, &call).into(),
        F::AuthSignUp(call) => auth::sign_up::run(context, call).into(),
        F::AuthCheckPassword(call) => auth::check_password::run(context, &call).into(),
        F::AuthImportBotAuthorization(call) => auth::import_bot_authorization::run(context, call).into(),
        F::AuthLogOut(_) => auth::log_out::run(context).into(),
        F::AuthBindTempAuthKey(call) => auth::bind_temp_auth_key::run(context, &call).into(),
        F::AuthDropTempAuthKeys(call) => auth::drop_temp_auth_keys::run(context, &call).into(),
        F::AccountGetPassword(_) => account::get_password::run(context).into(),
        F::AccountUpdatePasswordSettings(call) => {
            account::update_password_settings::run(context, *call).into()
        }
        F::UsersGetUsers(call) => users::get_users::run(context, &call).into(),
        F::UsersGetFullUser(call) => users::get_full_user::run(context, &call).into(),
        F::ContactsResolveUsername(call) => contacts::resolve_username::run(context, &call).into(),
        F::ContactsResolvePhone(call) => contacts::resolve_phone::run(context, &call).into(),
        F::ChannelsGetChannels(call) => channels::get_channels::run(context, &call).into(),
        F::MessagesGetChats(call) => messages::get_chats::run(context, &call).into(),
        F::MessagesCreateChat(call) => messages::create_chat::run(context, &call).into(),
        F::MessagesAddChatUser(call) => messages::add_chat_user::run(context, &call).into(),
        F::MessagesDeleteChatUser(call) => messages::delete_chat_user::run(context, &call).into(),
        F::MessagesEditChatTitle(call) => messages::edit_chat_title::run(context, &call).into(),
        F::MessagesEditChatAbout(call) => messages::edit_chat_about::run(context, &call).into(),
        F::MessagesEditChatAdmin(call) => messages::edit_chat_admin::run(context, &call).into(),
        F::MessagesGetFullChat(call) => messages::get_full_chat::run(context, &call).into(),
        F::MessagesExportChatInvite(call) => messages::export_chat_invite::run(context, &call).into(),
        F::MessagesCheckChatInvite(call) => messages::check_chat_invite::run(context, &call).into(),
        F::MessagesImportChatInvite(call) => messages::import_chat_invite::run(context, &call).into(),
        F::MessagesGetCommonChats(call) => messages::get_common_chats::run(context, &call).into(),
        F::MessagesSearch(call) => messages::search::run(context, &call).into(),
        F::MessagesSearchGlobal(call) => messages::search_global::run(context, &call).into(),
        F::MessagesUpdatePinnedMessage(call) => messages::update_pinned_message::run(context, &call).into(),
        F::MessagesUnpinAllMessages(call) => messages::unpin_all_messages::run(context, &call).into(),
        F::MessagesDeleteHistory(call) => messages::delete_history::run(context, &call).into(),
        F::ChannelsCreateChannel(call) => channels::create_channel::run(context, &call).into(),
        F::ChannelsEditTitle(call) => channels::edit_title::run(context, &call).into(),
        F::ChannelsInviteToChannel(call) => channels::invite_to_channel::run(context, &call).into(),
        F::ChannelsJoinChannel(call) => channels::join_channel::run(context, &call).into(),
        F::ChannelsLeaveChannel(call) => channels::leave_channel::run(context, &call).into(),
        F::ChannelsEditAdmin(call) => channels::edit_admin::run(context, &call).into(),
        F::ChannelsEditBanned(call) => channels::edit_banned::run(context, &call).into(),
        F::ChannelsGetParticipant(call) => channels::get_participant::run(context, &call).into(),
        F::ChannelsGetParticipants(call) => channels::get_participants::run(context, &call).into(),
        F::ChannelsGetFullChannel(call) => channels::get_full_channel::run(context, &call).into(),
        F::ChannelsUpdateUsername(call) => channels::update_username::run(context, &call).into(),
        F::ChannelsCheckUsername(call) => channels::check_username::run(context, &call).into(),
        F::ContactsSearch(call) => contacts::search::run(context, &call).into(),
        F::MessagesGetDialogs(call) => messages::get_dialogs::run(context, &call).into(),
        F::MessagesGetPinnedDialogs(_) => messages::get_pinned_dialogs::run(context).into(),
        F::MessagesGetPeerDialogs(call) => messages::get_peer_dialogs::run(context, &call).into(),
        F::MessagesGetHistory(call) => messages::get_history::run(context, &call).into(),
        F::MessagesGetMessages(call) => messages::get_messages::run(context, &call).into(),
        F::ChannelsGetMessages(call) => channels::get_messages::run(context, &call).into(),
        F::MessagesReadHistory(call) => messages::read_history::run(context, &call).into(),
        F::ChannelsReadHistory(call) => channels::read_history::run(context, &call).into(),
        F::MessagesSendMessage(call) => messages::send_message::run(context, *call).into(),
        F::MessagesSendMedia(call) => messages::send_media::run(context, *call).into(),
        F::MessagesSendMultiMedia(call) => messages::send_multi_media::run(context, *call).into(),
        F::MessagesUploadMedia(call) => messages::upload_media::run(context, &call).into(),
        F::UploadSaveFilePart(call) => upload::save_file_part::run(context, call).into(),
        F::UploadSaveBigFilePart(call) => upload::save_big_file_part::run(context, call).into(),
        F::UploadGetFile(call) => upload::get_file::run(context, &call).into(),
        F::MessagesEditMessage(call) => messages::edit_message::run(context, *call).into(),
        F::MessagesDeleteMessages(call) => messages::delete_messages::run(context, &call).into(),
        F::ChannelsDeleteMessages(call) => channels::delete_messages::run(context, &call).into(),
        F::MessagesForwardMessages(call) => messages::forward_messages::run(context, &call).into(),
        F::MessagesSetTyping(call) => messages::set_typing::run(context, &call).into(),
        F::UpdatesGetState(_) => updates::get_state::run(context).into(),
        F::UpdatesGetDifference(call) => updates::get_difference::run(context, &call).into(),
        F::UpdatesGetChannelDifference(call) => updates::get_channel_difference::run(context, &call).into(),
        F::MessagesGetBotCallbackAnswer(call) => messages::get_bot_callback_answer::run(context, call),
        F::MessagesSetBotCallbackAnswer(call) => messages::set_bot_callback_answer::run(context, call).into(),
        F::MessagesGetInlineBotResults(call) => messages::get_inline_bot_results::run(context, call),
        F::MessagesSetInlineBotResults(call) => messages::set_inline_bot_results::run(context, call).into(),
        F::MessagesSendInlineBotResult(call) => messages::send_inline_bot_result::run(context, *call).into(),
        F::MessagesEditInlineBotMessage(call) => {
            messages::edit_inline_bot_message::run(context, *call).into()
        }
        F::MessagesSetGameScore(call) => messages::set_game_score::run(context, &call).into(),
        F::MessagesSetInlineGameScore(call) => messages::set_inline_game_score::run(context, &call).into(),
        F::MessagesGetGameHighScores(call) => messages::get_game_high_scores::run(context, &call).into(),
        F::MessagesGetInlineGameHighScores(call) => {
            messages::get_inline_game_high_scores::run(context, &call).into()
        }
        F::MessagesStartBot(call) => messages::start_bot::run(context, call).into(),
        F::BotsSetBotCommands(call) => bots::set_bot_commands::run(context, call).into(),
        F::BotsGetBotCommands(call) => bots::get_bot_commands::run(context, call).into(),
        F::BotsResetBotCommands(call) => bots::reset_bot_commands::run(context, call).into(),
        F::BotsSetBotMenuButton(call) => bots::set_bot_menu_button::run(context, call).into(),
        F::BotsGetBotMenuButton(call) => bots::get_bot_menu_button::run(context, &call).into(),
        F::BotsSetBotInfo(call) => bots::set_bot_info::run(context, call).into(),
        F::BotsGetBotInfo(call) => bots::get_bot_info::run(context, call).into(),
        other => constant::answer(context, &other)
            .unwrap_or_else(|| {
                let name = other.name();
                remark(
                    context.app,
                    context.user,
                    format!("{name} is not supported: nothing was done"),
                );
                Err(not_here(name))
            })
            .into(),
    }
}
