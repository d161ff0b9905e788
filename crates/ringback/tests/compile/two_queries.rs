use ringback::{CallbackQuery, Outcome, Router};

async fn two_queries(query: CallbackQuery, again: CallbackQuery) -> Outcome {
    drop(again);
    query.answer().await
}

fn main() {
    let _ = Router::new().callback(two_queries);
}
