use std::rc::Rc;

use ringback::{CallbackQuery, Outcome, Router};

async fn not_send(query: CallbackQuery) -> Outcome {
    let text = Rc::new("Hello".to_owned());
    let outcome = query.answer().text(text.as_str()).await;
    drop(text);
    outcome
}

fn main() {
    let _ = Router::new().callback(not_send);
}
