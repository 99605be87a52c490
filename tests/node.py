"""Node.js, for the examples in TypeScript: the one that comes with Playwright. It takes the types
out by itself."""

from playwright._impl._driver import compute_driver_executable

NODE: str = compute_driver_executable()[0]
