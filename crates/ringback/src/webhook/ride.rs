//! [`Ride`]: an answer's place in the response to its update.

use std::sync::Arc;

use bytes::Bytes;
use ringback_botapi::{AnswerCallbackQuery, Method};

use super::seen::Claim;
use crate::dispatch::Mark;

/// The longest text of an answer, in characters.
const MAX_TEXT: usize = 200;

/// The response to an update, which waits for something to carry. Dropped, it carries nothing.
#[derive(Debug)]
pub(crate) struct Ride {
    claim: std::sync::Mutex<Claim>,
    /// Whether it may carry an answer.
    open: bool,
    /// The update's, which is to know the answer before anybody has it.
    mark: Option<Arc<Mark>>,
}

impl Ride {
    pub(super) fn new(claim: Claim, open: bool, mark: Option<Arc<Mark>>) -> Self {
        Ride {
            claim: std::sync::Mutex::new(claim),
            open,
            mark,
        }
    }

    /// Whether the server will take this answer, as far as can be told: in a response it says nothing.
    pub(crate) fn suits(&self, answer: &AnswerCallbackQuery) -> bool {
        let short = |text: &String| text.len() <= MAX_TEXT || text.chars().count() <= MAX_TEXT;
        self.open && answer.url.is_none() && answer.text.as_ref().is_none_or(short)
    }

    /// Takes the answer along. False if the request is gone.
    pub(crate) fn take(&self, answer: &AnswerCallbackQuery) -> bool {
        let Ok(response) = write(answer) else { return false };
        if let Some(mark) = &self.mark {
            mark.rides(response.clone());
        }
        let mut claim = self
            .claim
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        claim.respond(response)
    }
}

/// The method as the body of a response: its name is one more parameter.
fn write<M: Method>(method: &M) -> serde_json::Result<Bytes> {
    let mut body = Vec::with_capacity(256);
    body.extend_from_slice(b"{\"method\":\"");
    body.extend_from_slice(M::NAME.as_bytes());
    body.push(b'"');
    let joint = body.len();
    serde_json::to_writer(&mut body, method)?;
    match &mut body[joint..] {
        // `{"a":1}` goes on as `,"a":1}`, and `{}` as `}`.
        [_, b'}'] => drop(body.remove(joint)),
        [brace, ..] => *brace = b',',
        [] => {}
    }
    Ok(body.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ringback_botapi::GetMe;

    #[test]
    fn the_name_joins_the_parameters() {
        let answer = AnswerCallbackQuery::new("55").text("Hi");
        let body: serde_json::Value = serde_json::from_slice(&write(&answer).unwrap()).unwrap();
        let expected =
            serde_json::json!({"method": "answerCallbackQuery", "callback_query_id": "55", "text": "Hi"});
        assert_eq!(body, expected);
        assert_eq!(&write(&GetMe::new()).unwrap()[..], br#"{"method":"getMe"}"#);
    }
}
