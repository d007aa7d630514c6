# ruby queue.rb BUG NAME: bugs whose values are words. SHIFT stands where unrelated lines come and go.
# SHIFT
def check(condition, text) = condition || raise(ArgumentError, text)
def user(name) = check(false, "user #{name} is unknown")
def plan(name) = check(false, "plan of #{name} is unknown")

# SHIFT
Box = Struct.new(:owner) do
  def open = File.read("/srv/none/#{owner}")
end

name = ARGV[1]
case ARGV[0]
when 'user' then user(name)
when 'plan' then plan(name)
when 'thread' then Thread.new { user(name) }.join
when 'file' then Box.new(name).open
when 'frozen' then 'abc'.freeze << name
when 'each' then [name].each { |one| one.fetch(:x) }
when 'abort' then abort "fatal: no queue"
end
