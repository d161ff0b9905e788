//! What can be done with messages that are there already.

use ringback_tl::{ctors, functions, types};

use crate::chats::number_of;
use crate::client::Client;
use crate::error::Error;
use crate::message::Message;
use crate::peer::Peer;
use crate::system::random_i64;

/// No more messages are named in one call.
const AT_ONCE: usize = 100;

impl Client {
    /// The messages of a chat with these numbers; those that are gone are left out. Asks once for each hundred.
    ///
    /// # Errors
    /// What the server says.
    pub async fn messages(&self, chat: &Peer, ids: &[i32]) -> Result<Vec<Message>, Error> {
        let mut found = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let by_number = |id: &i32| types::InputMessage::from(ctors::InputMessageID { id: *id });
            let id = ids.iter().map(by_number).collect();
            let answer = match chat.input_channel() {
                Some(channel) => {
                    self.invoke(&functions::channels::GetMessages { channel, id })
                        .await?
                }
                None => self.invoke(&functions::messages::GetMessages { id }).await?,
            };
            found.extend(self.read_messages(answer)?);
        }
        // By number alone, messages of any private chat can be had.
        found.retain(|message| message.chat.id == chat.id);
        Ok(found)
    }

    /// Changes the text of a message of this account, and leaves its buttons out unless a bot sends them again.
    ///
    /// # Errors
    /// `MESSAGE_NOT_MODIFIED`, `MESSAGE_AUTHOR_REQUIRED` and others of
    /// <https://core.telegram.org/method/messages.editMessage>.
    pub async fn edit_message(&self, chat: &Peer, id: i32, text: &str) -> Result<(), Error> {
        let call = functions::messages::EditMessage {
            peer: chat.input(),
            id,
            message: Some(text.to_owned()),
            ..Default::default()
        };
        let updates = self.invoke(&call).await?;
        self.hand_on(&updates);
        Ok(())
    }

    /// Deletes messages, for the others too if `revoke` (in channels always). Brings how many changes that made.
    ///
    /// # Errors
    /// What the server says.
    pub async fn delete_messages(&self, chat: &Peer, ids: &[i32], revoke: bool) -> Result<i32, Error> {
        let mut count = 0_i32;
        for ids in ids.chunks(AT_ONCE) {
            let id = ids.to_vec();
            let affected = match chat.input_channel() {
                Some(channel) => {
                    self.invoke(&functions::channels::DeleteMessages { channel, id })
                        .await?
                }
                None => {
                    self.invoke(&functions::messages::DeleteMessages { revoke, id })
                        .await?
                }
            };
            self.hand_on_count(chat, &affected);
            count = count.saturating_add(affected.pts_count);
        }
        Ok(count)
    }

    /// Forwards messages. Brings their numbers in the chat that they went to, in order.
    ///
    /// # Errors
    /// What the server says; when it does not say a number, [`Error::Unexpected`].
    pub async fn forward_messages(&self, from: &Peer, ids: &[i32], to: &Peer) -> Result<Vec<i32>, Error> {
        let mut numbers = Vec::with_capacity(ids.len());
        for ids in ids.chunks(AT_ONCE) {
            let random_id: Vec<i64> = ids.iter().map(|_| random_i64()).collect();
            let call = functions::messages::ForwardMessages {
                from_peer: from.input(),
                id: ids.to_vec(),
                random_id: random_id.clone(),
                to_peer: to.input(),
                ..Default::default()
            };
            let updates = self.invoke(&call).await?;
            self.hand_on(&updates);
            for random in random_id {
                let number = number_of(&updates, random);
                numbers.push(number.ok_or(Error::Unexpected("a message without a number"))?);
            }
        }
        Ok(numbers)
    }

    /// Marks a chat as read up to this message; 0: everything.
    ///
    /// # Errors
    /// What the server says.
    pub async fn mark_read(&self, chat: &Peer, up_to: i32) -> Result<(), Error> {
        let max_id = up_to;
        match chat.input_channel() {
            Some(channel) => {
                self.invoke(&functions::channels::ReadHistory { channel, max_id })
                    .await?;
            }
            None => {
                let peer = chat.input();
                let call = functions::messages::ReadHistory { peer, max_id };
                let affected = self.invoke(&call).await?;
                self.hand_on_count(chat, &affected);
            }
        }
        Ok(())
    }
}
