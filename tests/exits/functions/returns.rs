//! Functions that return from loops; the public ones are compared.

pub fn leaves_three_loops(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut sum = x;
    'a: loop {
        sum += 1.0;
        'b: for i in 0..4 {
            let mut count = 0;
            loop {
                count += tick(1);
                match count + i {
                    2 => continue,
                    3 if n == 1 => continue 'b,
                    4 if n == 2 && sum < 5.0 => continue 'a,
                    5 if n == 3 => break 'b,
                    6 if sum > v[0] => break 'a,
                    7 => break,
                    8 => return sum,
                    _ => sum += 0.25,
                }
                sum -= 0.125;
            }
            sum += f64::from(count);
        }
        if sum > 20.0 {
            break;
        }
    }
    sum
}

pub fn returns_from_nested_loops(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    for i in 0..n {
        for &a in v {
            if a > x {
                return noise(a);
            }
        }
        tick(i);
    }
    -1.0
}

pub fn returns_from_endless(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x.abs();
    loop {
        y = y * 1.5 + 0.5;
        if y > 30.0 {
            return noise(y);
        }
        if n == 3 && y > 4.0 {
            return v[0];
        }
    }
}

pub fn breaks_with_value(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x.abs() + 1.0;
    let found: f64 = loop {
        y *= 2.0;
        if y > 10.0 {
            break noise(y);
        }
        if n == 1 {
            return v[2];
        }
        if n == 2 {
            break v[1];
        }
    };
    found + y
}

pub fn assigns_a_match(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = [x, 1.0, 2.0];
    for i in 0..4 {
        y[(i + 1) % 3] = match maybe(y[i % 3]) {
            Some(a) if a > 9.0 => break,
            Some(a) => a * 0.5,
            None if n == 1 => return y[0],
            None => continue,
        };
        y[i % 3] += if n > i as i32 { v[i % 3] } else { continue };
    }
    y[0] + 2.0 * y[1] + 4.0 * y[2]
}

pub fn lets_else(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let Some(a) = maybe(x) else {
        tick(n);
        return v[0];
    };
    let (Some(b), c) = (maybe(v[1]), a + 1.0) else {
        if n > 1 {
            return a;
        }
        return noise(a);
    };
    let mut sum = a + b + c;
    for i in 0..3 {
        let Some(d): Option<f64> = maybe(v[i]) else { continue };
        sum += d;
    }
    sum
}

pub fn labelled_block_at_the_end(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    'a: {
        if x < 0.0 {
            break 'a v[0];
        }
        for i in 0..n {
            if i > 2 {
                break 'a noise(x);
            }
            if f64::from(i) > x {
                return v[1];
            }
        }
        x
    }
}

pub fn scopes_end_in_time(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let first = held(1);
    {
        let second = held(2);
        if n == 0 {
            return noise(x);
        }
        tick(3);
    }
    let third = held(3);
    for i in 0..n {
        let fourth = held(4);
        if i == 2 {
            break;
        }
        let fifth = held(5);
        if v[0] > x {
            continue;
        }
        if i == 1 {
            return noise(x);
        }
    }
    let y = {
        let sixth = held(6);
        if x > 3.0 {
            return x;
        }
        noise(x)
    };
    drop(third);
    y
}

pub fn closures(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let f = |a: f64| {
        if a < 0.5 {
            return noise(a);
        }
        for &b in v {
            if b > a {
                return b;
            }
        }
        a
    };
    let g = |a: f64| -> Option<f64> { Some(maybe(a)? + maybe(a + 1.0)?) };
    if n == 1 {
        return f(x) + f(v[0]);
    }
    f(x + 1.0) + g(x).unwrap_or(0.5)
}

pub fn unreachable_code(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    for i in 0..n {
        if i == 1 {
            break;
            tick(1);
        }
        tick(2);
        continue;
        tick(3);
    }
    if n > 2 {
        return x;
        noise(x);
    }
    return v[0];
    noise(v[1])
}

fn changes(y: &mut f64, n: i32, v: &[f64; 3]) {
    if *y < 0.0 {
        *y = v[0];
        return;
    }
    for i in 0..n {
        *y += 1.0;
        if *y > 4.0 {
            return;
        }
        match i {
            0 => tick(5),
            1 => return,
            _ => continue,
        };
        tick(6);
    }
    *y = noise(*y);
    if n > 2 {
        return tuple(n);
    }
    *y += 1.0;
}

fn optional(x: f64, n: i32, v: &[f64; 3]) -> Option<f64> {
    let a = maybe(x)?;
    let mut sum = 0.0;
    for &b in v {
        sum += maybe(b)?;
        if sum > 3.0 {
            break;
        }
    }
    let b = if n > 1 { maybe(a + 0.1)? } else { a };
    tick(n);
    let Some(c) = maybe(v[2]) else { return None };
    Some(a + b + c + sum)
}

fn pair(x: f64, n: i32, v: &[f64; 3]) -> (f64, f64) {
    let (mut a, b) = match n {
        0 => return (x, x),
        1 => (v[0], x),
        2 => (noise(x), v[1]),
        _ => (1.0, 2.0),
    };
    while a < 10.0 {
        a += b.abs() + 0.5;
        if a > v[2] {
            return (a, b);
        }
    }
    (b, a)
}

pub fn bisection(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let (mut low, mut high) = (0.0, x.abs() + 1.0);
    for _ in 0..60 {
        let middle = 0.5 * (low + high);
        let value = middle * middle - x.abs();
        if value.abs() < 1e-9 {
            return middle;
        }
        if value > 0.0 {
            high = middle;
        } else {
            low = middle;
        }
        if high - low < 1e-12 {
            break;
        }
    }
    0.5 * (low + high)
}

pub fn newton(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x.abs().max(0.1);
    let steps = loop {
        let mut steps = 0;
        let next = 0.5 * (y + x.abs() / y);
        if (next - y).abs() < 1e-7 || next.is_nan() {
            break steps;
        }
        y = next;
        steps += 1;
        if n == 2 && y < v[0] {
            return v[0];
        }
    };
    y + f64::from(steps)
}

pub fn ends_with_a_statement(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    match n {
        0 => {
            return x;
        }
        1 => return v[0],
        _ => {}
    }
    if let Some(a) = maybe(x) {
        if a > 2.0 {
            return a;
        }
        tick(1);
    } else {
        tick(2);
    }
    loop {
        if tick(n) > -5 {
            return noise(x);
        }
    }
}
