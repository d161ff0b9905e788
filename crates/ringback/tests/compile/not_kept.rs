use ringback::{CallbackQuery, Dialogue, Outcome, Router};

enum Order {
    What,
    HowMany,
}

async fn not_kept(query: CallbackQuery, order: Dialogue<Order>) -> Outcome {
    query.answer().await
}

fn main() {
    let _ = Router::new().callback(not_kept);
}
