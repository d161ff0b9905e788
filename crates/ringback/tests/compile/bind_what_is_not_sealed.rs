use ringback::CallbackData;

#[derive(CallbackData)]
#[callback_data(prefix = "buy", bind(user))]
struct Buy {
    item: u32,
}

fn main() {}
