-- What wrk sends. Pages: every request the same, headers by -H. Votes and comments: a new person and a new
-- target each time, so that many people act at once.
--   wrk -s drive.lua URL -- get
--   wrk -s drive.lua URL -- read FILE THREADS FIRST          (the same page, another person each time)
--   wrk -s drive.lua URL -- vote|bare FILE THREADS FIRST     (FILE: "person cookie token" lines, then "comment N" lines)
--   wrk -s drive.lua URL -- ballot FILE THREADS FIRST        (FILE: "comment SLUG" lines; each time another choice)
--   wrk -s drive.lua URL -- comment FILE THREADS FIRST PATH
-- Request number k (counted on from FIRST over all threads) acts for person k mod people. Written out as one line of JSON.

local threads = 0

function setup(thread)
  thread:set("first", threads)
  threads = threads + 1
end

function init(args)
  mode = args[1]
  if mode == "get" then return end
  people, targets = {}, {}
  for line in io.lines(args[2]) do
    local kind, one, two = line:match("(%S+) (%S+) ?(%S*)")
    if kind == "comment" then
      targets[#targets + 1] = one
    else
      people[#people + 1] = { id = kind, cookie = one, token = two }
    end
  end
  step = tonumber(args[3])
  number = tonumber(args[4]) + first
  path = args[5]
end

-- A person meets another target each time: (number div people) moves on by one, and the person shifts it.
local function turn()
  local person = people[number % #people + 1]
  local round = math.floor(number / #people)
  local target = targets and targets[(round + number * 7) % math.max(#targets, 1) + 1]
  number = number + step
  return person, target, round
end

local function form(person)
  return {
    ["Content-Type"] = "application/x-www-form-urlencoded", ["Cookie"] = person.cookie, ["HX-Request"] = "true",
    ["X-CSRFToken"] = person.token, ["X-Forwarded-Proto"] = "https",
    ["Origin"] = "https://" .. wrk.headers["Host"],
  }
end

local WORDS = {
  "water", "school", "road", "clinic", "market", "farmer", "bridge", "teacher", "nurse", "window", "garden", "ticket",
  "river", "office", "summer", "harvest", "library", "station", "pension", "kitchen", "printer", "village", "stadium",
  "festival", "lantern", "medicine", "platform", "railway", "turbine", "compost", "shelter", "drainage", "crossing",
}

-- Fifteen words, others for each number: nobody says the same twice, which would be held for a moderator.
function sentence(n)
  local said = { "Number", tostring(n) }
  for _ = 1, 15 do
    n = (n * 1103515245 + 12345) % 2147483648
    said[#said + 1] = WORDS[math.floor(n / 65536) % #WORDS + 1]
  end
  return table.concat(said, "+")
end

function request()
  if mode == "get" then return wrk.format() end
  local at = number
  local person, target, round = turn()
  if mode == "read" then
    return wrk.format("GET", nil, { ["Cookie"] = person.cookie, ["X-Forwarded-Proto"] = "https" })
  elseif mode == "bare" then
    return wrk.format("POST", "/vote", { ["Content-Type"] = "application/x-www-form-urlencoded" },
      "comment=" .. target .. "&person=" .. person.id)
  elseif mode == "vote" then
    return wrk.format("POST", "/comments/" .. target .. "/vote/", form(person), "value=1&next=%2Fdiscussions%2F")
  elseif mode == "ballot" then
    return wrk.format("POST", "/polls/" .. target .. "/ballot/", form(person), "choice=" .. round % 5 + 1)
  end
  return wrk.format("POST", path, form(person), "body=" .. sentence(at))
end

function done(summary, latency, requests)
  local errors = summary.errors
  io.write(string.format(
    '{"requests": %d, "seconds": %.6f, "bytes": %d, "p50": %.3f, "p95": %.3f, "errors": %d}\n',
    summary.requests, summary.duration / 1e6, summary.bytes, latency:percentile(50) / 1000,
    latency:percentile(95) / 1000, errors.connect + errors.read + errors.write + errors.status + errors.timeout))
end
