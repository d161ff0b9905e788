use ringback::{CallbackQuery, Outcome, Router};

async fn not_an_extractor(query: CallbackQuery, count: u64) -> Outcome {
    query.answer().text(count.to_string()).await
}

fn main() {
    let _ = Router::new().callback(not_an_extractor);
}
