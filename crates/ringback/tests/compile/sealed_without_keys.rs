use ringback::{CallbackData, Keyboard};

#[derive(CallbackData)]
#[callback_data(prefix = "$", codec = "sealed", bind(user))]
struct Buy {
    item: u32,
}

fn main() {
    let _ = Keyboard::new().callback("Buy", &Buy { item: 7 });
}
