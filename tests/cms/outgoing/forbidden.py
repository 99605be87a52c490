"""Ways to write an address that must not be asked: each leads to a machine of ours."""

LOOPBACK = [
    "http://127.0.0.1/", "http://127.0.0.1:6379/", "https://127.0.0.1/", "http://127.1/",
    "http://127.0.1/", "http://127.255.255.254/", "http://2130706433/", "http://0x7f000001/",
    "http://0x7f.0.0.1/", "http://0x7F.0x0.0x0.0x1/", "http://017700000001/", "http://0177.0.0.1/",
    "http://0177.0x0.0.1/", "http://127.0x1/", "http://0/", "http://0.0.0.0/", "http://00000/",
    "http://localhost/", "http://LOCALHOST/", "http://localhost./", "http://127.0.0.1./",
    "http://[::1]/", "http://[0:0:0:0:0:0:0:1]/", "http://[::]/", "http://[::127.0.0.1]/",
]  # fmt: skip
PRIVATE = [
    "http://10.0.0.1/", "http://10.255.255.255/", "http://172.16.0.1/", "http://172.31.255.255/",
    "http://192.168.0.1/", "http://192.168.1.1:8080/admin", "http://0xC0A80001/",
    "http://3232235521/", "http://0300.0250.0.1/", "http://169.254.169.254/latest/meta-data/",
    "http://2852039166/", "http://0xA9FEA9FE/", "http://100.64.0.1/", "http://100.100.100.200/",
    "http://192.0.0.1/", "http://192.0.2.1/", "http://198.18.0.1/", "http://198.51.100.1/",
    "http://203.0.113.1/", "http://192.88.99.1/", "http://224.0.0.1/", "http://239.255.255.250/",
    "http://240.0.0.1/", "http://255.255.255.255/",
]  # fmt: skip
IPV6 = [
    "http://[::ffff:127.0.0.1]/", "http://[::ffff:7f00:1]/", "http://[::ffff:10.0.0.1]/",
    "http://[::ffff:169.254.169.254]/", "http://[::ffff:0:127.0.0.1]/",
    "http://[64:ff9b::127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://[64:ff9b::a9fe:a9fe]/",
    "http://[64:ff9b:1::1]/", "http://[2002:7f00:1::]/", "http://[2002:7f00:1::1]/",
    "http://[2002:a00:1::1]/", "http://[2002:a9fe:a9fe::1]/", "http://[2001:0:7f00:1::1]/",
    "http://[2001:db8::1]/", "http://[3fff::1]/", "http://[5f00::1]/", "http://[fc00::1]/",
    "http://[fd00:ec2::254]/", "http://[fe80::1]/", "http://[fe80::1%25eth0]/",
    "http://[fec0::1]/", "http://[ff02::1]/", "http://[100::1]/", "http://[2001:20::1]/",
    "http://[2a00:1450:4001::5efe:127.0.0.1]/", "http://[2a00:1450:4001::200:5efe:a00:1]/",
]  # fmt: skip
SPELLED = [
    "http://user@example.org/", "http://user:word@127.0.0.1/", "http://example.org@127.0.0.1/",
    "http://127.0.0.1#@example.org/", "http://127.0.0.1\\@example.org/", "//127.0.0.1/",
    "http:///x", "http://", "ftp://127.0.0.1/", "file:///etc/passwd", "gopher://127.0.0.1/",
    "javascript:alert(1)", "unix:///run/postgresql", "http://127.0.0.1 /", "http://[::1/",
    "http://127.0.0.1:0/", "http://127.0.0.1:99999/", "http://127.0.0.1:x/", "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/", "http://example.org/\r\nHost: x", "http://example.org/#x", "", " ",
]  # fmt: skip
ALL = [*LOOPBACK, *PRIVATE, *IPV6, *SPELLED]
