# verdict: passed


def first():
    return 1


def main():
    import asyncio


    async def work():
        await asyncio.sleep(10)
        return 1


    async def both():
        return sum(await asyncio.gather(work(), work()))


    return asyncio.run(both())


def last():
    return 3
