use ringback::{CallbackQuery, Outcome, Router};

struct Buy;

async fn buy(query: CallbackQuery<Buy>) -> Outcome {
    query.answer().await
}

fn main() {
    let _ = Router::new().callback(buy);
}
