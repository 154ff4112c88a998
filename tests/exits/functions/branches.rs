//! Functions with jumps in arms and blocks; the public ones are compared.

pub fn guards(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    if x < 0.0 {
        return noise(v[0]);
    }
    let y = x * 2.0;
    if y > 3.0 && tick(n) > 1 {
        return y;
    }
    noise(y) + 1.0
}

pub fn guards_with_else(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x;
    if n == 0 {
        return y;
    } else if n == 1 {
        y += noise(v[0]);
    } else if n == 2 {
        return v[1];
    } else {
        let held = held(n);
        y -= v[2];
        return y;
    }
    y * 3.0
}

pub fn both_arms_return(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    if tick(n) > 1 {
        return noise(x);
    } else {
        return noise(v[0]);
    }
}

pub fn returns_at_the_end(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let y = noise(x);
    return if n > 2 { y } else { y + v[1] };
}

pub fn returns_a_match(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    return match n {
        0 => return noise(x),
        1 | 2 => match n - 1 {
            0 => return v[0],
            _ => v[1],
        },
        _ => x,
    };
}

pub fn returns_a_difference(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    if n > 1 {
        return match n {
            2 => v[0],
            _ => x,
        } - v[1];
    }
    return if x > 1.0 { x } else { noise(x) } + v[2];
}

pub fn matches_with_one_exit(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let y = match maybe(x) {
        Some(a) => a,
        None => return noise(v[0]),
    };
    let z: f64 = match n {
        0 => y,
        1 => y + v[1],
        _ => return 0.5,
    };
    y * z
}

pub fn hides_a_variable(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let a = v[0];
    let b = match maybe(x) {
        Some(a) => noise(a),
        None => return a,
    };
    let c = {
        let b = a + 1.0;
        if b > 2.0 {
            return b;
        }
        b * 2.0
    };
    a + b + c
}

pub fn hides_in_a_format_string(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let a = v[0];
    let b = match maybe(x) {
        Some(a) => a,
        None => return 0.25,
    };
    let text = format!("{a} {b:?}");
    text.len() as f64
}

pub fn holds_a_borrow(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let cell = std::cell::RefCell::new(vec![x]);
    let Some(a) = cell.borrow().first().copied() else { return 0.0 };
    cell.borrow_mut().push(a);
    let b = match cell.borrow().get(n.max(0) as usize) {
        Some(b) => *b,
        None => return v[0],
    };
    cell.borrow_mut().push(b);
    if let Some(c) = cell.borrow().get(2)
        && n > 0
    {
        return *c;
    }
    cell.borrow_mut().push(1.0);
    let Some((mut c, d)) = cell.borrow().get(1).map(|c| (*c, 2.0)) else {
        cell.borrow_mut().push(2.0);
        return 1.0;
    };
    c += cell.borrow_mut().pop().unwrap_or(d);
    b + c
}

pub fn labelled_blocks(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let y = 'a: {
        if x < 0.0 {
            break 'a noise(x);
        }
        let z = x.sqrt();
        'b: {
            if n == 1 {
                break 'b;
            }
            if n == 2 {
                break 'a z;
            }
            if n == 3 {
                return v[0];
            }
            tick(n);
        }
        z + 1.0
    };
    'c: {
        if y > 2.0 {
            break 'c;
        }
        tick(7);
    }
    y * 2.0
}

pub fn panics_in_an_arm(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let y = match n {
        -1 | 0 => return x,
        100 => panic!("never"),
        _ => v[0],
    };
    if n == 200 {
        unreachable!()
    } else if n == 1 {
        return y;
    }
    y + 1.0
}

pub fn items_are_hoisted(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let y = twice(x);
    if y > LIMIT {
        return y;
    }
    const LIMIT: f64 = 1.5;
    fn twice(x: f64) -> f64 {
        if x < 0.0 {
            return 0.0;
        }
        2.0 * x
    }
    y + v[0]
}

pub fn wrapped(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let mut y = x;
    changes(&mut y, n, v);
    y
}

fn tuple(n: i32) {
    tick(n);
}

pub fn options(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    optional(x, n, v).unwrap_or(-1.0) + fallible(x, n, v).unwrap_or_else(|text| text.len() as f64)
}

fn fallible(x: f64, n: i32, v: &[f64; 3]) -> Result<f64, String> {
    fn positive(x: f64) -> Result<f64, &'static str> {
        if noise(x) < 0.0 {
            return Err("negative");
        }
        Ok(x)
    }
    let a = positive(x)?;
    positive(v[0])?;
    if n == 2 {
        return Err("two".to_owned());
    }
    Ok(a)
}

pub fn pairs(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    let (a, b) = pair(x, n, v);
    a - 2.0 * b
}

pub fn macros_stay(x: f64, n: i32, v: &[f64; 3]) -> f64 {
    macro_rules! twice {
        ($e:expr) => {
            $e + $e
        };
    }
    if n > 2 {
        return twice!(noise(x));
    }
    assert!(v.iter().all(|a| {
        if *a < -5.0 {
            return false;
        }
        true
    }));
    twice!(v[0])
}
